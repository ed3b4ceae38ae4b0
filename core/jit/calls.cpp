#include "jit/calls.hpp"

#include <bit>

#include "jit/labels.hpp"
#include "jit/visit_control.hpp"
#include "jit/visit_other.hpp"
#include "validation/immediates.hpp"

namespace linocut {

namespace {

void load_buffer_pointer(FunctionCompiler& c) {
    c.state.out = emit::at(c.state.out, forms::load_context_64, SCRATCH, LC_CONTEXT_OFFSET(argument_buffer));
}

// A buffer word is written whole: an i32 zero-extended.
void store_in_buffer(FunctionCompiler& c, const Operand& operand, int32_t at) {
    const auto low = static_cast<int32_t>(operand.bits);
    const bool is_low = operand.kind == Kind::Constant && static_cast<int64_t>(operand.bits) == low;
    if (is_low && !c.is_off(Switch::Immediates)) {
        load_buffer_pointer(c);
        c.state.out = emit::immediate(emit::at(c.state.out, forms::store_scratch_imm64, at), low);
        return;
    }
    Operand copy = operand;  // the operand itself stays what it is: its local may be referred to above it
    const Register reg = c.load(copy);  // may use the scratch register: so the pointer comes after it
    load_buffer_pointer(c);
    const bool is_vector = class_of(operand.type) == ValueClass::Vector;
    const auto& form = is_vector ? forms::store_scratch_f64 : forms::store_scratch_64;
    c.state.out = emit::at(c.state.out, form, reg, at);
    if (!operand.in_register()) c.state.free |= bit(reg);
}

// An operand on its way to an argument's register.
struct Move {
    Operand* source;
    Register target;
};

// No more than there are registers for arguments.
class Moves {
public:
    void add(Operand* source, Register target) { entries_[size_++] = {source, target}; }
    void drop(unsigned i) { entries_[i] = entries_[--size_]; }
    unsigned size() const { return size_; }
    Move& operator[](unsigned i) { return entries_[i]; }
    Move* begin() { return entries_; }
    Move* end() { return entries_ + size_; }

private:
    unsigned size_ = 0;
    Move entries_[LC_INT_ARGUMENTS + LC_VECTOR_ARGUMENTS];
};

bool is_awaited(Moves& moves, Register reg, unsigned by_others_than) {
    for (unsigned i = 0; i < moves.size(); i++) {
        const Operand& source = *moves[i].source;
        if (i != by_others_than && source.kind == Kind::Register && source.reg == reg) return true;
    }
    return false;
}

// One step: a move whose target nobody waits for. A register's other readers are pinned locals: never targets.
bool move_one(FunctionCompiler& c, Moves& moves) {
    for (unsigned i = 0; i < moves.size(); i++) {
        const Move move = moves[i];
        if (move.source->kind != Kind::Register) continue;
        if (move.source->reg != move.target) {
            if (is_awaited(moves, move.target, i)) continue;
            c.move_between(move.source->reg, move.target, move.source->type);
        }
        moves.drop(i);
        return true;
    }
    return false;
}

// Only cycles are left among the temporaries.
void break_cycle(FunctionCompiler& c, Moves& moves) {
    const Move move = moves[0];
    const Register from = move.source->reg, to = move.target;
    if (class_of_register(to) == ValueClass::Vector) {
        c.move_to_slot(move.source);
        return;
    }
    c.state.out = emit::two(c.state.out, forms::exchange, from, to);
    for (Move& other : moves) {
        if (other.source->kind == Kind::Register && other.source->reg == to) other.source->reg = from;
    }
    moves.drop(0);
}

// The call is next. Newest first: that is how references to a local are linked.
void leave_arguments(FunctionCompiler& c, Operand* arguments) {
    for (const Operand* operand = c.state.top; operand-- != arguments;) {
        if (operand->is_local()) c.locals[operand->local].pending = operand->previous;
    }
    c.state.top = arguments;
    c.state.free = TEMPORARIES;
    c.makes_calls = true;
}

}  // namespace

void begin_arguments(FunctionCompiler& c, const std::vector<ValType>& value_types) {
    const TypeSpan types = span(value_types);
    c.ensure_room(types.size * size_t{48} + 256);
    check_values(c, types);
    Operand* const arguments = c.state.top - types.size;
    c.spill_temporaries(arguments);
    Places places;
    for (uint32_t i = 0; i < types.size; i++) {
        const Place place = places.next(types[i]);
        if (!place.is_register()) store_in_buffer(c, arguments[i], displacement_of(place));
    }
}

namespace {

void place_arguments(FunctionCompiler& c, Operand* arguments, TypeSpan types) {
    Places places;
    Moves moves, loads;
    for (uint32_t i = 0; i < types.size; i++) {
        const Place place = places.next(types[i]);
        if (!place.is_register()) continue;
        (arguments[i].kind == Kind::Register ? moves : loads).add(&arguments[i], register_of(place));
    }
    while (moves.size()) {
        if (move_one(c, moves)) continue;
        const Move first = moves[0];
        break_cycle(c, moves);
        if (moves.size() && first.source->kind == Kind::Slot) {
            moves.drop(0);
            loads.add(first.source, first.target);
        }
    }
    for (const Move& load : loads) c.move_to_register(load.target, *load.source);
}

}  // namespace

void finish_arguments(FunctionCompiler& c, const std::vector<ValType>& value_types) {
    const TypeSpan types = span(value_types);
    Operand* const arguments = c.state.top - types.size;
    place_arguments(c, arguments, types);
    leave_arguments(c, arguments);
}

namespace {

// Integers in registers on their way to INT_ARGUMENTS[i]. False when they wait for each other in a circle; what
// moved until then stays.
bool move_plain_arguments(FunctionCompiler& c, Operand* arguments, uint32_t waiting, RegisterSet awaited) {
    while (waiting) {
        uint32_t moved = 0;
        for (uint32_t left = waiting; left; left &= left - 1) {
            const auto i = static_cast<uint32_t>(std::countr_zero(left));
            if (awaited & bit(INT_ARGUMENTS[i])) continue;
            c.move_between(arguments[i].reg, INT_ARGUMENTS[i], arguments[i].type);
            awaited &= ~bit(arguments[i].reg);
            arguments[i].reg = INT_ARGUMENTS[i];
            moved |= 1u << i;
        }
        if (!moved) return false;
        waiting &= ~moved;
    }
    return true;
}

// The common case at once: nothing but integers, and few. False when it is another one.
bool pass_plain_arguments(FunctionCompiler& c, TypeSpan types) {
    if (types.size > LC_INT_ARGUMENTS) return false;
    Operand* const arguments = c.state.top - types.size;
    RegisterSet held = 0, awaited = 0;  // by arguments, and by those that must move
    uint32_t waiting = 0;               // those arguments
    for (uint32_t i = 0; i < types.size; i++) {
        const Operand& argument = arguments[i];
        if (argument.type != types[i] || class_of(argument.type) != ValueClass::Int) return false;
        if (argument.kind != Kind::Register) continue;
        held |= bit(argument.reg);
        if (argument.reg == INT_ARGUMENTS[i]) continue;
        awaited |= bit(argument.reg);
        waiting |= 1u << i;
    }
    c.ensure_room(256);
    const RegisterSet others = TEMPORARIES & ~c.state.free & ~held;
    if (others) c.spill_temporaries(arguments, others);
    if (!move_plain_arguments(c, arguments, waiting, awaited)) return false;
    for (uint32_t i = 0; i < types.size; i++) {
        if (arguments[i].kind != Kind::Register) c.move_to_register(INT_ARGUMENTS[i], arguments[i]);
    }
    leave_arguments(c, arguments);
    return true;
}

}  // namespace

void pass_arguments(FunctionCompiler& c, const std::vector<ValType>& types) {
    if (pass_plain_arguments(c, span(types))) return;
    begin_arguments(c, types);
    finish_arguments(c, types);
}

namespace {

void push_some_results(FunctionCompiler& c, const std::vector<ValType>& types) {
    c.reserve_operands(types.size());
    Places places;
    std::vector<std::pair<Operand*, int32_t>> buffered;
    for (const ValType type : types) {
        const Place place = places.next(type);
        if (place.is_register()) {
            c.push_register(type, register_of(place));
            continue;
        }
        buffered.push_back({c.state.top, displacement_of(place)});
        const int32_t displacement = c.slot_of(c.state.top, type);
        *c.state.top++ =
            Operand{.type = type, .kind = Kind::Slot, .reg = NO_TEMPORARY, .is_flushed = 0, .bits = 0};
        c.state.top[-1].displacement = displacement;
    }
    if (buffered.empty()) return;
    c.ensure_room(buffered.size() * 32 + 64);
    const Register reg = c.take(ValueClass::Int);
    load_buffer_pointer(c);
    for (const auto& [operand, at] : buffered) {
        c.state.out = emit::at(c.state.out, forms::load_scratch_64, reg, at);
        c.state.out = emit::at(c.state.out, forms::store_frame_64, reg, operand->displacement);
    }
    c.state.free |= bit(reg);
}

}  // namespace

void push_results(FunctionCompiler& c, const std::vector<ValType>& types) {
    c.state.free = TEMPORARIES;
    if (types.size() > 1) return push_some_results(c, types);
    if (!types.empty()) c.push_register(types[0], result_register(types[0]));
}

void call_helper(FunctionCompiler& c, LcHelper helper, const std::vector<ValType>& types,
                 const std::vector<ValType>& results) {
    pass_arguments(c, types);
    c.state.out = emit::at(c.state.out, forms::call_context,
                           LC_CONTEXT_OFFSET(helpers) + 8 * static_cast<int32_t>(helper));
    push_results(c, results);
}

// ── call ────────────────────────────────────────────────────────────────────
void visit_call(FunctionCompiler& c) {
    const uint32_t index = c.read_u32();
    if (index >= c.module.functions.size()) refuse();
    const FuncType& type = c.module.type_of_function(index);
    pass_arguments(c, type.params);
    if (index < c.module.imported_functions) {
        const auto cell = static_cast<int32_t>(c.layout.import_func(index));
        c.state.out = emit::at(c.state.out, forms::load_context_64, SCRATCH, cell);
        c.state.out = emit::at(c.state.out, forms::call_context, LC_CONTEXT_OFFSET(switch_context));
    } else {
        *c.state.out = emit::CALL;
        c.state.out += 5;
        c.calls.push_back({c.state.out - 4, index - c.module.imported_functions});
    }
    push_results(c, type.results);
}

// ── call_indirect ───────────────────────────────────────────────────────────
namespace {

constexpr int32_t ENTRY = offsetof(LcFuncRef, entry), CONTEXT = offsetof(LcFuncRef, context),
                  TYPE_ID = offsetof(LcFuncRef, type_id);

void trap_if(FunctionCompiler& c, Condition condition, TrapKind kind, const uint8_t* opcode_at) {
    c.state.out = emit::jump_if(c.state.out, condition);
    c.traps.push_back({c.state.out - 4, c.offset_of(opcode_at), kind});
}

// The table's element into the scratch register. Reading the type of a null reference faults: that is
// the trap for an uninitialized element (core/runtime/signals). Past the check, `clamped` becomes the index
// or, where a processor goes on speculatively with an index that is out of bounds, 0.
void load_function(FunctionCompiler& c, Register index, Register clamped, uint32_t table,
                   const uint8_t* opcode_at) {
    uint8_t*& out = c.state.out;
    out = emit::at(out, forms::load_context_64, SCRATCH, static_cast<int32_t>(c.layout.table(table)));
    out = emit::at(out, forms::compare_table_size, index, offsetof(LcTable, size));
    trap_if(c, Condition::AboveEqual, TrapKind::UndefinedElement, opcode_at);
    if (!c.is_off(Switch::IndexClamp)) {
        out = emit::one(out, forms::borrow_mask, clamped);
        out = emit::two(out, forms::i64_and.rr, index, clamped);
        index = clamped;
    }
    out = emit::at(out, forms::load_scratch_64, SCRATCH, offsetof(LcTable, elements));
    out = emit::two(out, forms::load_element, index, SCRATCH);
}

}  // namespace

void visit_call_indirect(FunctionCompiler& c) {
    const uint8_t* opcode_at = c.state.pc - 1;
    const uint32_t type_index = c.read_u32();
    if (type_index >= c.module.types.size()) refuse();
    const uint32_t table = read_table(c);
    if (c.module.tables[table].type.element != ValType::FuncRef) refuse();
    const FuncType& type = c.module.types[type_index];
    Operand index = c.pop(ValType::I32);
    begin_arguments(c, type.params);
    const Register reg = c.load(index);
    const Register spare = c.take(ValueClass::Int);
    load_function(c, reg, spare, table, opcode_at);
    c.release(index);
    c.state.out = emit::at(c.state.out, forms::load_context_32, spare,
                           static_cast<int32_t>(c.layout.type_id(type_index)));
    c.state.out = emit::at(c.state.out, forms::compare_type_id, spare, TYPE_ID);
    trap_if(c, Condition::NotEqual, TrapKind::IndirectCallTypeMismatch, opcode_at);
    c.state.free |= bit(spare);
    finish_arguments(c, type.params);
    c.state.out = emit::at(c.state.out, forms::compare_scratch_context, CONTEXT);
    c.state.out = emit::jump_if(c.state.out, Condition::NotEqual);
    uint8_t* const other_context = c.state.out - 4;
    c.state.out = emit::at(c.state.out, forms::call_scratch, ENTRY);
    c.switches.push_back({other_context, c.state.out, c.offset_of(opcode_at)});
    push_results(c, type.results);
}

}  // namespace linocut
