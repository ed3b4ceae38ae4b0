#include "jit/calls.hpp"

#include "jit/arch/calls.hpp"
#include "jit/labels.hpp"
#include "jit/parallel_move.hpp"
#include "jit/visit_control.hpp"
#include "jit/visit_other.hpp"
#include "validation/immediates.hpp"

namespace linocut {

namespace {

void load_buffer_pointer(FunctionCompiler& c) {
    c.state.out = emit::load_pointer(c.state.out, LC_CONTEXT_OFFSET(argument_buffer));
}

}  // namespace

void store_in_buffer(FunctionCompiler& c, const Operand& operand, int32_t at) {
    const bool is_constant = operand.kind == Kind::Constant && words_of(operand.type) == 1 &&
                             emit::fits_store(ValType::I64, operand.bits);
    if (is_constant && !c.is_off(Switch::Immediates)) {
        load_buffer_pointer(c);
        c.state.out = emit::store_scratch_constant(c.state.out, operand.bits, at);
        return;
    }
    Operand copy = operand;  // the operand itself stays what it is: its local may be referred to above it
    const Register reg = c.load(copy);  // may use the scratch register: so the pointer comes after it
    load_buffer_pointer(c);
    c.state.out = emit::store_scratch(c.state.out, whole_word(operand.type), reg, at);
    if (!operand.in_register()) c.state.free |= bit(reg);
}

namespace {

// Pops the arguments, as the call is next. Newest first: that is how references to a local are linked.
void leave_arguments(FunctionCompiler& c, Operand* arguments) {
    for (const Operand* operand = c.state.top; operand-- != arguments;) {
        if (operand->is_local()) c.locals[operand->local].pending = operand->previous;
    }
    c.state.top = arguments;
    c.state.free = kTemporaries;
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
    ParallelMove moves;
    for (uint32_t i = 0; i < types.size; i++) {
        const Place place = places.next(types[i]);
        if (place.is_register()) moves.add(arguments[i], register_of(place));
    }
    moves.carry_out(c);
}

}  // namespace

void finish_arguments(FunctionCompiler& c, const std::vector<ValType>& value_types) {
    const TypeSpan types = span(value_types);
    Operand* const arguments = c.state.top - types.size;
    place_arguments(c, arguments, types);
    leave_arguments(c, arguments);
}

namespace {

// Handles the common case: a few integers and nothing else. False in any other.
bool pass_plain_arguments(FunctionCompiler& c, TypeSpan types) {
    if (types.size > LC_INT_ARGUMENTS) return false;
    Operand* const arguments = c.state.top - types.size;
    RegisterSet held = 0;  // by arguments
    ParallelMove moves;
    for (uint32_t i = 0; i < types.size; i++) {
        Operand& argument = arguments[i];
        if (argument.type != types[i] || class_of(argument.type) != ValueClass::Int) return false;
        if (argument.kind == Kind::Register) held |= bit(argument.reg);
        moves.add(argument, kIntArguments[i]);
    }
    c.ensure_room(256);
    const RegisterSet others = kTemporaries & ~c.state.free & ~held;
    if (others) c.spill_temporaries(arguments, others);
    moves.carry_out(c);
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
            Operand{.type = type, .kind = Kind::Slot, .reg = kNoTemporary, .is_flushed = 0, .bits = 0};
        c.state.top[-1].displacement = displacement;
    }
    if (buffered.empty()) return;
    c.ensure_room(buffered.size() * 32 + 64);
    const Register reg = c.take(ValueClass::Int);
    load_buffer_pointer(c);
    for (const auto& [operand, at] : buffered) {
        for (int32_t word = 0; word < byte_count(operand->type); word += kWordBytes) {
            c.state.out = emit::load_scratch(c.state.out, ValType::I64, reg, at + word);
            c.state.out = emit::store_frame(c.state.out, ValType::I64, reg, operand->displacement + word);
        }
    }
    c.state.free |= bit(reg);
}

}  // namespace

void push_results(FunctionCompiler& c, const std::vector<ValType>& types) {
    c.state.free = kTemporaries;
    if (types.size() > 1) return push_some_results(c, types);
    if (!types.empty()) c.push_register(types[0], result_register(types[0]));
}

void call_helper(FunctionCompiler& c, LcHelper helper, const std::vector<ValType>& types,
                 const std::vector<ValType>& results) {
    pass_arguments(c, types);
    const int32_t stub = LC_CONTEXT_OFFSET(helpers) + 8 * static_cast<int32_t>(helper);
    c.state.out = emit::call_context(c.state.out, stub);
    push_results(c, results);
}

// ── call ──
void visit_call(FunctionCompiler& c) {
    const uint8_t* const at = c.state.pc - 1;
    const uint32_t index = c.read_u32();
    if (index >= c.module.functions.size()) refuse();
    const uint32_t defined = index - c.module.imported_functions;
    const bool is_import = index < c.module.imported_functions;
    if (!is_import && !c.inlining.is_unfit(defined) && inline_call(c, defined, at)) return;
    const FuncType& type = c.module.type_of_function(index);
    pass_arguments(c, type.params);
    if (is_import) {
        const auto cell = static_cast<int32_t>(c.layout.import_func(index));
        c.state.out = emit::load_pointer(c.state.out, cell);
        c.state.out = emit::call_context(c.state.out, LC_CONTEXT_OFFSET(switch_context));
    } else {
        c.state.out = emit::call(c.state.out);
        c.lead_to_function(emit::site_before(c.state.out), defined);
    }
    c.note_call(c.tries.current());
    push_results(c, type.results);
}

// ── call_indirect ──
void trap_if(FunctionCompiler& c, Condition condition, TrapKind kind, uint32_t module_offset) {
    c.state.out = emit::jump_if(c.state.out, condition);
    c.traps.push_back({emit::site_before(c.state.out), module_offset, kind});
}

void visit_call_indirect(FunctionCompiler& c) {
    const uint32_t module_offset = c.offset_of(c.state.pc - 1);
    const uint32_t type_index = c.read_u32();
    if (type_index >= c.module.types.size()) refuse();
    const uint32_t table = read_table(c);
    const TableType& table_type = c.module.tables[table].type;
    if (table_type.element != ValType::FuncRef) refuse();
    const FuncType& type = c.module.types[type_index];
    Operand index = c.pop(table_type.address());
    begin_arguments(c, type.params);
    const Register reg = c.load(index);
    const Register spare = c.take(ValueClass::Int);
    load_table_element(c, reg, spare, table, module_offset);
    c.release(index);
    check_function_type(c, type_index, spare, module_offset);
    c.state.free |= bit(spare);
    finish_arguments(c, type.params);
    const Site other_context = call_in_own_context(c);
    c.note_call(c.tries.current());
    c.switches.push_back({other_context, c.state.out, module_offset, c.tries.current()});
    push_results(c, type.results);
}

}  // namespace linocut
