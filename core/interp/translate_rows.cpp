#include "interp/translate_rows.hpp"

#include "interp/handlers.hpp"
#include "interp/translate_control.hpp"

namespace linocut::interp {

namespace {

bool is_constant(const Translator& t, uint32_t depth) {
    return t.operand(depth).kind == Operand::Kind::Constant;
}

void take_slots(Translator& t, unsigned params, Instruction& instruction) {
    uint32_t* const slots[] = {&instruction.a, &instruction.b, &instruction.c};
    for (unsigned i = params; i-- > 0;) *slots[i] = t.pop();
}

// Whether the last one is an immediate.
bool take_operands(Translator& t, const ComputationHandlers& row, Instruction& instruction) {
    if (row.immediate && t.pop_constant(instruction.immediate)) {
        instruction.a = t.pop();
        return true;
    }
    if (row.immediate && row.is_commutative && is_constant(t, 1)) {
        instruction.a = t.pop();
        return t.pop_constant(instruction.immediate);
    }
    take_slots(t, row.params, instruction);
    return false;
}

// Puts the next opcode into the same instruction if it is a branch; returns whether it is.
bool branch_on_result(Translator& t, const BranchHandlers& branches, Instruction& instruction) {
    if (Block* const block = t.take_plain_branch_if()) {
        const bool is_backwards = block->kind == BlockKind::Loop;
        instruction.handler = is_backwards ? branches.backwards : branches.forwards;
        t.emit_jump(*block, instruction);
        return true;
    }
    if (!t.take(Opcode::op_if)) return false;
    instruction.handler = branches.unless;
    open_if(t, instruction);
    return true;
}

// Pops the address; returns whether it is a constant, which is then part of the offset.
bool take_address(Translator& t, Instruction& instruction, uint32_t& offset) {
    if (is_constant(t, 0) && t.operand(0).bits + offset <= UINT32_MAX) {
        uint64_t address;
        t.pop_constant(address);
        offset += static_cast<uint32_t>(address);
        return true;
    }
    instruction.a = t.pop();
    return false;
}

}  // namespace

uint32_t read_offset(Translator& t, uint32_t words_above) {
    const uint32_t memory = t.in.u32() & kNamesMemory ? t.in.u32() : 0;
    const uint64_t offset = t.in.u64();
    if (!t.module.memories[memory].is64) return static_cast<uint32_t>(offset);
    const uint32_t words = words_above + 1;
    t.settle(words);
    const uint32_t address = t.home(t.height() - words);
    t.emit({.handler = add_offset, .result = address, .a = address, .immediate = offset});
    return 0;
}

void translate_row(Translator& t, const ComputationHandlers& row) {
    Instruction instruction{};
    const bool is_immediate = take_operands(t, row, instruction);
    if (row.can_branch && branch_on_result(t, row.branches[is_immediate], instruction)) return;
    instruction.handler = is_immediate ? row.immediate : row.slots;
    instruction.result = t.destination(row.result_words);
    t.emit(instruction);
    if (row.canonicalise && t.code.is_deterministic)
        t.emit({.handler = row.canonicalise, .result = instruction.result});
}

void translate_row(Translator& t, const LoadHandlers& row) {
    Instruction instruction{};
    uint32_t offset = read_offset(t, 0);
    instruction.handler = row.slots[take_address(t, instruction, offset)];
    instruction.c = offset;
    instruction.result = t.destination(row.result_words);
    t.emit(instruction);
}

void translate_row(Translator& t, const StoreHandlers& row) {
    Instruction instruction{};
    uint32_t offset = read_offset(t, t.words_of_top());
    if (row.immediate[0] && t.pop_constant(instruction.immediate)) {
        instruction.handler = row.immediate[take_address(t, instruction, offset)];
        instruction.result = offset;
    } else {
        instruction.b = t.pop();
        instruction.handler = row.slots[take_address(t, instruction, offset)];
        instruction.c = offset;
    }
    t.emit(instruction);
}

void translate_row(Translator& t, const LaneHandlers& row) {
    Instruction instruction{.handler = row.slots};
    take_slots(t, row.params, instruction);
    instruction.c = t.in.u8();
    instruction.result = t.destination(row.result_words);
    t.emit(instruction);
}

// An instruction has no room for where both operands are: they go home, next to each other.
void translate_row(Translator& t, const LaneAccessHandlers& row) {
    constexpr uint32_t kOperands = 1 + kMostWords;
    Instruction instruction{.handler = row.slots};
    instruction.c = read_offset(t, kMostWords);
    instruction.b = t.in.u8();
    t.settle(kOperands);
    t.drop(kOperands);
    instruction.a = t.home(t.height());
    if (row.is_load) instruction.result = t.destination(kMostWords);
    t.emit(instruction);
}

void translate_atomic(Translator& t, Handler handler, unsigned operands, bool has_result) {
    const uint32_t offset = read_offset(t, operands - 1);
    t.settle(operands);
    t.drop(operands);
    const uint32_t first = t.home(t.height());
    t.push_home(has_result);
    t.emit({.handler = handler, .a = first, .immediate = offset});
}

}  // namespace linocut::interp
