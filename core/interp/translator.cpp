#include "interp/translator.hpp"

#include <algorithm>
#include <numeric>

#include "interp/handlers.hpp"
#include "interp/pass_opcode.hpp"
#include "wasm/type_reader.hpp"
#include "wasm/value_class.hpp"

namespace linocut::interp {

Values::Values(std::span<const ValType> types) : types(types), words(words_of(types)) {}

namespace {

bool is_one_of(uint8_t byte, std::initializer_list<Opcode> opcodes) {
    return std::ranges::any_of(opcodes,
                               [byte](Opcode opcode) { return byte == static_cast<uint8_t>(opcode); });
}

}  // namespace

// ── one function ──
// Bodies are valid, so that only what says where things are needs to be read.
void Translator::read_locals(const std::vector<ValType>& params) {
    locals_ = 0;
    slots_of_locals_.clear();
    for (const ValType type : params) add_locals(1, type);
    for (uint32_t groups = in.u32(); groups; groups--) {
        const uint32_t count = in.u32();
        add_locals(count, read_value_type(in));
    }
    if (!all_narrow()) slots_of_locals_.push_back(locals_);
}

void Translator::add_locals(uint32_t count, ValType type) {
    const uint32_t words = words_of(type);
    if (words > 1 && all_narrow()) {
        slots_of_locals_.resize(locals_);
        std::iota(slots_of_locals_.begin(), slots_of_locals_.end(), 0);
    }
    const bool are_listed = words > 1 || !all_narrow();
    for (uint32_t i = 0; are_listed && i < count; i++) slots_of_locals_.push_back(locals_ + i * words);
    locals_ += count * words;
}

uint32_t Translator::words_of_local(uint32_t index) const {
    return all_narrow() ? 1 : slots_of_locals_[index + 1] - slots_of_locals_[index];
}

void Translator::begin(const FuncBody& body, const FuncType& type) {
    in = Reader(module.bytes.subspan(body.offset, body.size), body.offset);
    read_locals(type.params);
    drop(height());  // which leaves no local with a read
    if (newest_reads_.size() < locals_) newest_reads_.resize(locals_);
    instructions_.clear();
    blocks.clear();
    tries.reset();
    most_operands_ = 0;
    open(BlockKind::Block, {{}, Values(type.results)});
}

void Translator::translate(uint32_t defined, InterpretedFunction& function) {
    const uint32_t type = module.functions[module.imported_functions + defined];
    begin(module.bodies[defined], module.types[type]);
    while (!blocks.empty()) {
        opcode_offset_ = static_cast<uint32_t>(in.offset());
        translate_opcode(*this);
    }
    function.code.assign(instructions_.begin(), instructions_.end());
    function.handlers = tries.take_table();
    function.signature = code.signatures[type];
    function.params = words_of(module.types[type].params);
    function.results = words_of(module.types[type].results);
    function.locals = locals_;
    function.slots = std::max(locals_ + most_operands_, function.results);
    function.defined = defined;
}

// ── operands ──
void Translator::push_constant(uint64_t low, uint64_t high) {
    push_constant_word(low, false);
    push_constant_word(high, true);
}

void Translator::push_constant_word(uint64_t bits, bool is_upper) {
    operands_.push_back({.kind = Operand::Kind::Constant, .is_upper = is_upper, .bits = bits});
    most_operands_ = std::max(most_operands_, height());
}

void Translator::push_local(uint32_t slot, uint32_t words) {
    for (uint32_t word = 0; word < words; word++, slot++) {
        operands_.push_back({.kind = Operand::Kind::Local,
                             .is_upper = word > 0,
                             .local = slot,
                             .older = newest_reads_[slot]});
        newest_reads_[slot] = height();
    }
    most_operands_ = std::max(most_operands_, height());
}

void Translator::push_home(uint32_t words) {
    for (uint32_t word = 0; word < words; word++)
        operands_.push_back({.kind = Operand::Kind::Home, .is_upper = word > 0, .bits = 0});
    most_operands_ = std::max(most_operands_, height());
}

void Translator::push_homes(const Values& values) {
    for (const ValType type : values.types) push_home(words_of(type));
}

void Translator::drop(uint32_t count) {
    for (; count; count--) {
        const Operand& operand = operands_.back();
        // Newest first: so each is the head of its local's list.
        if (operand.kind == Operand::Kind::Local) newest_reads_[operand.local] = operand.older;
        operands_.pop_back();
    }
    settled_ = std::min(settled_, height());
}

uint32_t Translator::pop() {
    const uint32_t words = words_of_top(), position = height() - words;
    const Operand operand = operands_[position];
    if (operand.kind == Operand::Kind::Constant)
        for (uint32_t word = position; word < height(); word++) bring(word, home(word));
    drop(words);
    return operand.kind == Operand::Kind::Local ? operand.local : home(position);
}

bool Translator::pop_constant(uint64_t& bits) {
    if (operands_.back().kind != Operand::Kind::Constant || operands_.back().is_upper) return false;
    bits = operands_.back().bits;
    drop(1);
    return true;
}

void Translator::bring(uint32_t position, uint32_t slot) {
    const Operand& operand = operands_[position];
    const uint32_t from = operand.kind == Operand::Kind::Local ? operand.local : home(position);
    if (operand.kind == Operand::Kind::Constant)
        emit({.handler = set_constant, .result = slot, .immediate = operand.bits});
    else if (from != slot)
        emit({.handler = copy, .result = slot, .a = from});
}

// From the top down, so that each read is the newest of its local.
void Translator::settle(uint32_t count) {
    const uint32_t end = std::max(height() - count, settled_);
    for (uint32_t position = height(); position-- > end;) {
        Operand& operand = operands_[position];
        bring(position, home(position));
        if (operand.kind == Operand::Kind::Local) newest_reads_[operand.local] = operand.older;
        operand.kind = Operand::Kind::Home;
    }
    if (end == settled_) settled_ = height();
}

// The local is about to change: what reads it gets its value now.
void Translator::settle_reads(uint32_t slot, uint32_t words) {
    for (uint32_t word = 0; word < words; word++) settle_reads(slot + word);
}

void Translator::settle_reads(uint32_t slot) {
    for (uint32_t next = newest_reads_[slot]; next;) {
        Operand& operand = operands_[next - 1];
        bring(next - 1, home(next - 1));
        operand.kind = Operand::Kind::Home;
        next = operand.older;
    }
    newest_reads_[slot] = 0;
}

uint32_t Translator::destination(uint32_t words) {
    const bool is_set = take(Opcode::op_local_set);
    const bool is_tee = !is_set && take(Opcode::op_local_tee);
    if (!is_set && !is_tee) {
        push_home(words);
        return home(height() - words);
    }
    const uint32_t slot = slot_of_local(in.u32());
    settle_reads(slot, words);
    if (is_tee) push_local(slot, words);
    return slot;
}

void Translator::get_local(uint32_t index) { push_local(slot_of_local(index), words_of_local(index)); }

void Translator::set_local(uint32_t index, bool is_tee) {
    const uint32_t local = slot_of_local(index), words = words_of_local(index);
    uint64_t bits;
    if (pop_constant(bits)) {
        settle_reads(local);
        emit({.handler = set_constant, .result = local, .immediate = bits});
    } else if (const uint32_t slot = pop(); slot != local) {
        settle_reads(local, words);
        emit({.handler = words == 1 ? copy : copy_two, .result = local, .a = slot});
    }
    if (is_tee) push_local(local, words);
}

// ── instructions ──
void Translator::emit(const Instruction& instruction) {
    instructions_.push_back(instruction);
    if (offsets) offsets->push_back(opcode_offset_);
}

void Translator::bring_values(const Block& block) {
    const uint32_t count = block.label_arity(), from = height() - count;
    if (count == 0) return;
    if (count == 1) return bring(from, home(block.base));
    settle(count);
    if (from != block.base)
        emit({.handler = copy_many, .result = home(block.base), .a = home(from), .b = count});
}

void Translator::emit_jump(Block& block, Instruction jump) {
    if (block.kind == BlockKind::Loop) {
        jump.result = block.start - position();
    } else {
        jump.result = block.newest_jump;
        block.newest_jump = position() + 1;
    }
    emit(jump);
}

void Translator::bind(uint32_t jump) { instructions_[jump].result = position() - jump; }

// ── blocks ──
Arity Translator::read_block_arity() {
    constexpr int64_t kNoType = -0x40;
    const Reader before = in;
    const int64_t type = in.s33();
    if (type == kNoType) return {};
    if (type < 0) {
        in = before;
        return {{}, Values({list_of(read_value_type(in)), 1})};
    }
    const FuncType& function = module.types[static_cast<size_t>(type)];
    return {Values(function.params), Values(function.results)};
}

void Translator::open(BlockKind kind, Arity arity) {
    blocks.push_back({kind, arity, height() - arity.params.words, position()});
}

void Translator::restart(const Values& values, uint32_t hidden) {
    drop(height() - blocks.back().base);
    push_home(hidden);
    push_homes(values);
    settled_ = height();
}

void Translator::begin_else() {
    Block& block = blocks.back();
    if (!block.is_left) {
        settle_all();
        emit_jump(block, {.handler = jump<false>});
    }
    bind(block.else_jump - 1);
    block.else_jump = 0;
    block.is_left = false;
    restart(block.arity.params);
}

// The results are at home, whichever way the end was reached.
void Translator::close() {
    const Block& block = blocks.back();
    if (!block.is_left) settle_all();
    for (uint32_t jump = block.newest_jump; jump;) {
        const uint32_t older = instructions_[jump - 1].result;
        bind(jump - 1);
        jump = older;
    }
    if (block.else_jump) bind(block.else_jump - 1);
    restart(block.arity.results);
    blocks.pop_back();
}

void Translator::leave_block() {
    drop(height() - blocks.back().base);
    blocks.back().is_left = true;
    for (uint32_t depth = 0;;) {
        const uint8_t byte = in.peek();
        const bool is_end = is_one_of(byte, {Opcode::op_end, Opcode::op_delegate});
        const bool ends_part =
            is_end || is_one_of(byte, {Opcode::op_else, Opcode::op_catch, Opcode::op_catch_all});
        if (depth == 0 && ends_part) return;
        depth -= is_end;
        depth += pass_opcode(in).opens_block();
    }
}

// ── what comes next ──
bool Translator::take(Opcode opcode) {
    if (in.peek() != static_cast<uint8_t>(opcode)) return false;
    in.u8();
    return true;
}

Block* Translator::take_plain_branch_if() {
    const Reader before = in;
    if (take(Opcode::op_br_if)) {
        Block& block = target(in.u32());
        if (block.label_arity() == 0) return &block;
    }
    in = before;
    return nullptr;
}

}  // namespace linocut::interp
