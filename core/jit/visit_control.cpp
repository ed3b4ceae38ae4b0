// Blocks and branches. A label's values travel like this: one result of a block in the result register,
// anything else (several, or a loop's parameters) in the slots of the positions where they will stand.
#include "jit/visit_control.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "jit/calls.hpp"

namespace linocut {

namespace {

constexpr ValType SINGLE_TYPES[] = {ValType::I32,  ValType::I64,     ValType::F32,      ValType::F64,
                                    ValType::V128, ValType::FuncRef, ValType::ExternRef};

const ValType* single_type(uint8_t byte) {
    for (const ValType& type : SINGLE_TYPES) {
        if (static_cast<uint32_t>(type) == byte) return &type;
    }
    return nullptr;
}

TypeSpan span(const std::vector<ValType>& types) {
    return {types.data(), static_cast<uint32_t>(types.size())};
}

Register result_register(ValType type) { return is_float(type) ? FLOAT_RESULT : INT_RESULT; }

bool travels_in_register(const Control& control) {
    return control.kind != ControlKind::Loop && control.results.size == 1;
}

// Where the label's values stand afterwards: a loop's above its barrier, a block's in place of it.
uint32_t label_position(const Control& control) {
    return control.kind == ControlKind::Loop ? control.base : control.base - 1;
}

void check_values(FunctionCompiler& c, TypeSpan types) {
    const Operand* first = c.state.top - types.size;
    for (uint32_t i = types.size; i-- > 0;) {
        if (first[i].type == types[i]) continue;
        c.state.top = const_cast<Operand*>(first) + i + 1;
        c.fail_operand(types[i]);
    }
}

// Copies the top operands to the label's slots; what the stack says of them stays true. In ascending
// order: a slot that is written belongs to a lower position than every source still to be read.
void copy_to_slots(FunctionCompiler& c, const Control& control) {
    const TypeSpan types = control.label_types();
    c.ensure_room(types.size * size_t{32});
    const Operand* source = c.state.top - types.size;
    for (uint32_t i = 0; i < types.size; i++) {
        const Operand* home = c.stack + label_position(control) + i;
        c.store_at_slot(source[i], c.slot_of(home));
    }
}

// The top operand into the result register, where it then is for both ways of a branch.
void hold_in_result_register(FunctionCompiler& c) {
    Operand* top = c.state.top - 1;
    const Register d = result_register(top->type);
    if (top->kind == Kind::Register && top->reg == d) return;
    if (!(c.state.free & bit(d))) c.spill_temporaries(top, bit(d));
    c.move_to_register(d, *top);
    if (top->kind != Kind::Register) return;
    c.state.free |= bit(top->reg);
    c.state.free &= ~uint64_t{bit(d)};
    c.owners[d] = top;
    top->reg = d;
}

void place_label_values(FunctionCompiler& c, const Control& control) {
    check_values(c, control.label_types());
    if (travels_in_register(control))
        hold_in_result_register(c);
    else
        copy_to_slots(c, control);
}

void jump_to_label(FunctionCompiler& c, Control& control) {
    c.state.out = emit::jump(c.state.out);
    link_jump(control, c.state.out - 4);
}

void discard_to_base(FunctionCompiler& c) {
    while (c.state.top > c.base()) c.discard();
}

// After an unconditional branch: validates what cannot be reached, up to the block's else or end.
void leave_block(FunctionCompiler& c) {
    discard_to_base(c);
    c.control().is_unreachable = true;
    c.state.pc = check_dead_code(c, c.state.pc);
}

void push_barrier(FunctionCompiler& c) {
    *c.state.top++ =
        Operand{.type = ValType::None, .kind = Kind::Barrier, .reg = 0, .is_flushed = 1, .bits = 0};
}

void push_slot(FunctionCompiler& c, ValType type) {
    const int32_t displacement = c.slot_of(c.state.top);
    *c.state.top++ =
        Operand{.type = type, .kind = Kind::Slot, .reg = NO_TEMPORARY, .is_flushed = 0, .bits = 0};
    c.state.top[-1].displacement = displacement;
}

void push_slots(FunctionCompiler& c, TypeSpan types) {
    c.reserve_operands(types.size);
    for (uint32_t i = 0; i < types.size; i++) push_slot(c, types[i]);
}

// Puts the barrier under the parameters, which go to the slots of their new positions.
void insert_barrier(FunctionCompiler& c, TypeSpan params) {
    check_values(c, params);
    c.ensure_room(params.size * size_t{32});
    // From the top down: a parameter's new slot is above its old one.
    for (uint32_t i = params.size; i-- > 0;) {
        const Operand operand = c.state.top[-1];
        c.store_at_slot(operand, c.slot_of(c.state.top));
        c.discard();
    }
    c.flush();
    push_barrier(c);
    push_slots(c, params);
}

Control& begin_block(FunctionCompiler& c, ControlKind kind, const BlockType& type) {
    insert_barrier(c, type.params);
    const auto base = static_cast<uint32_t>(c.state.top - c.stack) - type.params.size;
    c.controls.push({kind, false, base, type.params, type.results, c.state.out, nullptr, nullptr});
    return c.controls.back();
}

// The values of a block that is being left at its end: either where its label's jumps bring them, or, when
// there are no jumps, wherever they are.
void check_block_end(FunctionCompiler& c, const Control& control) {
    check_values(c, control.results);
    if (c.state.top != c.base() + control.results.size) {
        c.fail_invalid("type mismatch: " + std::to_string(c.state.top - c.base()) +
                           " values at the end of a block, " + std::to_string(control.results.size) +
                           " expected",
                       c.state.pc - 1);
    }
}

void place_end_values(FunctionCompiler& c, const Control& control) {
    if (control.results.size == 0) return;
    if (travels_in_register(control))
        hold_in_result_register(c);
    else
        copy_to_slots(c, control);
}

void pop_to_barrier(FunctionCompiler& c) {
    discard_to_base(c);
    c.state.top--;
}

void push_label_values(FunctionCompiler& c, TypeSpan results) {
    c.state.free = TEMPORARIES;
    if (results.size == 1)
        c.push_register(results[0], result_register(results[0]));
    else
        push_slots(c, results);
}

// A block to whose end nothing jumps: its one value only loses the barrier below it.
void close_without_jumps(FunctionCompiler& c, const Control& control) {
    if (control.results.size == 0) {
        c.state.top--;
        return;
    }
    Operand value = c.pop_any();
    if (value.kind == Kind::Slot) c.load(value);
    c.state.top--;
    Operand* home = c.state.top++;
    *home = value;
    home->is_flushed = 0;
    if (value.kind == Kind::Register) c.owners[value.reg] = home;
    if (value.is_local()) {
        Local& local = c.locals[value.local];
        home->previous = local.pending;
        local.pending = static_cast<uint32_t>(c.state.top - c.stack);
    }
}

[[noreturn]] void fail_no_else(const FunctionCompiler& c) {
    c.fail_invalid("type mismatch: an if without else whose results are not its parameters", c.state.pc - 1);
}

}  // namespace

BlockType read_block_type(FunctionCompiler& c) {
    const uint8_t* at = c.state.pc;
    if (*at == 0x40) {
        c.state.pc++;
        return {};
    }
    if (const ValType* type = single_type(*at)) {
        c.state.pc++;
        if (*type == ValType::V128) c.fail_malformed("unknown value type v128: it needs SIMD", at);
        return {{}, {type, 1}};
    }
    const int64_t index = c.read_signed(33);
    if (index < 0) c.fail_malformed("malformed block type", at);
    if (static_cast<uint64_t>(index) >= c.module.types.size()) {
        c.fail_invalid("unknown type " + std::to_string(index), at);
    }
    const FuncType& type = c.module.types[static_cast<size_t>(index)];
    return {span(type.params), span(type.results)};
}

void open_block(FunctionCompiler& c) { begin_block(c, ControlKind::Block, read_block_type(c)); }

void open_loop(FunctionCompiler& c) {
    Control& control = begin_block(c, ControlKind::Loop, read_block_type(c));
    c.zero_flag_at = nullptr;
    control.loop_start = c.state.out;
}

// The flags hold the condition: everything here keeps them.
void begin_if(FunctionCompiler& c) {
    Control& control = begin_block(c, ControlKind::If, read_block_type(c));
    c.state.out = emit::jump_if(c.state.out, opposite(c.condition));
    control.else_jump = c.state.out - 4;
    emit::store(control.else_jump, 0u);
}

void visit_else(FunctionCompiler& c) {
    Control& control = c.control();
    if (control.kind != ControlKind::If) c.fail_malformed("else without if", c.state.pc - 1);
    if (!control.is_unreachable) {
        check_block_end(c, control);
        place_end_values(c, control);
        discard_to_base(c);
        jump_to_label(c, control);
    }
    bind_jumps(c, c.state.out, control.else_jump);
    control.else_jump = nullptr;
    control.kind = ControlKind::Else;
    control.is_unreachable = false;
    c.state.free = TEMPORARIES;
    push_slots(c, control.params);
}

bool close_block(FunctionCompiler& c) {
    if (Control& control = c.control(); control.kind == ControlKind::If && control.params.size == 0) {
        // Without an else part: the jump there is one more jump to the end.
        control.kind = ControlKind::Block;
        link_jump(control, control.else_jump);
        if (control.results.size) fail_no_else(c);
    } else if (control.kind == ControlKind::If) {
        // Its parameters are its results.
        bool same = control.params.size == control.results.size;
        for (uint32_t i = 0; same && i < control.params.size; i++)
            same = control.params[i] == control.results[i];
        if (!same) fail_no_else(c);
        visit_else(c);
    }
    const Control control = c.control();
    if (!control.is_unreachable) check_block_end(c, control);
    if (control.kind == ControlKind::Loop && !control.is_unreachable && control.results.size > 1) {
        Control as_block = control;  // its end is no label, but its results move to the same places
        as_block.kind = ControlKind::Block;
        copy_to_slots(c, as_block);
        pop_to_barrier(c);
        push_label_values(c, control.results);
    } else if (!control.jumps && !control.is_unreachable && control.results.size <= 1) {
        close_without_jumps(c, control);
    } else {
        if (!control.is_unreachable && control.kind != ControlKind::Loop) place_end_values(c, control);
        pop_to_barrier(c);
        bind_jumps(c, c.state.out, control.jumps);
        push_label_values(c, control.results);
    }
    c.controls.pop();
    if (!c.controls.empty()) {
        if (c.state.pc > c.last) c.fail_malformed("unexpected end", c.last);
        return true;
    }
    if (c.state.pc != c.last + 1)
        c.fail_malformed("END opcode expected at the end of the function only", c.state.pc - 1);
    return false;
}

// ── branches ────────────────────────────────────────────────────────────────
static Control& read_label(FunctionCompiler& c) {
    const uint8_t* at = c.state.pc;
    const uint32_t depth = c.read_u32();
    if (depth >= c.controls.size()) c.fail_invalid("unknown label " + std::to_string(depth), at);
    return c.controls.at_depth(depth);
}

void visit_unreachable(FunctionCompiler& c) {
    c.state.out = emit::at(c.state.out, forms::call_context,
                           LC_CONTEXT_OFFSET(traps) + 8 * static_cast<int32_t>(TrapKind::Unreachable));
    leave_block(c);
}

void branch(FunctionCompiler& c) {
    Control& control = read_label(c);
    place_label_values(c, control);
    jump_to_label(c, control);
    leave_block(c);
}

void visit_return(FunctionCompiler& c) {
    Control& control = c.controls.front();
    place_label_values(c, control);
    jump_to_label(c, control);
    leave_block(c);
}

void branch_if_with_values(FunctionCompiler& c) {
    const Condition condition = c.condition;
    Control& control = c.controls.at_depth(c.branch_depth);
    check_values(c, control.label_types());
    if (travels_in_register(control)) {
        hold_in_result_register(c);
        c.state.out = emit::jump_if(c.state.out, condition);
        link_jump(control, c.state.out - 4);
        return;
    }
    // Slots that the label overwrites may be live on the other way: only copy when the branch is taken.
    c.state.out = emit::jump_if(c.state.out, opposite(condition));
    uint8_t* skip = c.state.out - 4;
    copy_to_slots(c, control);
    jump_to_label(c, control);
    emit::patch_relative(skip, c.state.out);
    c.zero_flag_at = nullptr;
}

// ── br_table: a table of distances, each from the end of its own entry ──────
namespace {

// The depths of a br_table's labels, the default last.
const std::vector<uint32_t>& read_labels(FunctionCompiler& c) {
    const uint8_t* at = c.state.pc;
    const uint32_t count = c.read_u32();
    if (count > static_cast<size_t>(c.last - c.state.pc)) c.fail_malformed("unexpected end", at);
    std::vector<uint32_t>& depths = c.label_depths;
    depths.resize(size_t{count} + 1);
    const size_t known = c.controls.size();
    const uint8_t* pc = c.state.pc;
    for (uint32_t& depth : depths) {
        if (*pc < 0x80 && pc <= c.last) {
            depth = *pc++;
        } else {
            c.state.pc = pc;
            depth = c.read_u32();
            pc = c.state.pc;
        }
        if (depth >= known) c.fail_invalid("unknown label " + std::to_string(depth), at);
    }
    c.state.pc = pc;
    return depths;
}

Control& label(FunctionCompiler& c, uint32_t depth) { return c.controls.at_depth(depth); }

void check_labels(FunctionCompiler& c, const std::vector<uint32_t>& depths) {
    const TypeSpan expected = label(c, depths.back()).label_types();
    check_values(c, expected);
    uint32_t checked = depths.back();
    for (const uint32_t depth : depths) {
        if (depth == checked) continue;
        checked = depth;
        const TypeSpan types = label(c, depth).label_types();
        if (types.size != expected.size)
            c.fail_invalid("type mismatch: br_table labels of different arity", c.state.pc - 1);
        if (types.size && types.data != expected.data) check_values(c, types);
    }
}

// Index in a register of its own → the jump through the table that follows.
void jump_through_table(FunctionCompiler& c, Register index, uint32_t last) {
    uint8_t* out = c.state.out;
    out = emit::immediate(emit::one(out, forms::constant32, SCRATCH), last);
    out = emit::two(out, forms::compare_registers32, SCRATCH, index);
    if (c.is_off(Switch::IndexClamp)) {
        out = emit::jump_if(out, Condition::BelowEqual);
        uint8_t* const skip = out - 4;
        out = emit::two(out, forms::move32, SCRATCH, index);
        emit::patch_relative(skip, out);
    } else {
        out = emit::two(out, forms::clamp_index, SCRATCH, index);
    }
    out = emit::without_displacement(out, forms::table_address, SCRATCH);
    uint8_t* const after_address = out;
    out = emit::two(out, forms::jump_entry_address, index, SCRATCH);
    out = emit::one(out, forms::load_jump_entry, index);
    out = emit::two(out, forms::jump_entry, index, SCRATCH);
    out = emit::one(out, forms::jump_register, SCRATCH);
    emit::patch_relative(after_address - 4, out);
    c.state.out = out;
}

// Up to so many runs a tree of comparisons beats the indirect jump: 129 against 233 ms for a bytecode
// interpreter's 17 labels (Zen 4).
constexpr size_t MOST_COMPARED_RUNS = 32;

// Stops early when there are too many.
const std::vector<LabelRun>& find_runs(FunctionCompiler& c, const std::vector<uint32_t>& depths) {
    std::vector<LabelRun>& runs = c.label_runs;
    runs.clear();
    for (uint32_t i = 0; i < depths.size() && runs.size() <= MOST_COMPARED_RUNS; i++) {
        if (runs.empty() || runs.back().depth != depths[i]) runs.push_back({i, depths[i]});
    }
    return runs;
}

void compare_runs(FunctionCompiler& c, std::span<const LabelRun> runs, Register index) {
    if (runs.size() == 1) return jump_to_label(c, label(c, runs[0].depth));
    const size_t middle = runs.size() / 2;
    const auto& f = forms::i32_eq;
    const uint64_t bits8 = emit::field(f.ri8, 0, index), bits32 = emit::field(f.ri32, 0, index);
    c.state.out =
        emit::shortest(c.state.out, f.ri8, f.ri32, bits8, bits32, static_cast<int32_t>(runs[middle].first));
    if (middle == 1) {
        c.state.out = emit::jump_if(c.state.out, Condition::Below);
        link_jump(label(c, runs[0].depth), c.state.out - 4);
        return compare_runs(c, runs.subspan(1), index);
    }
    c.state.out = emit::jump_if(c.state.out, Condition::AboveEqual);
    uint8_t* const upper = c.state.out - 4;
    compare_runs(c, runs.first(middle), index);
    emit::patch_relative(upper, c.state.out);
    compare_runs(c, runs.subspan(middle), index);
}

// The table's entries lead to the labels themselves.
void link_entries(FunctionCompiler& c, const std::vector<uint32_t>& depths, uint8_t* entry) {
    for (const uint32_t depth : depths) {
        link_jump(label(c, depth), entry);
        entry += 4;
    }
}

// Each entry leads to code that moves the values to where its label wants them.
void move_and_jump(FunctionCompiler& c, const std::vector<uint32_t>& depths, uint8_t* entry) {
    for (const uint32_t depth : depths) {
        Control& control = label(c, depth);
        c.ensure_room(control.label_types().size * size_t{32} + 64);
        emit::patch_relative(entry, c.state.out);
        if (travels_in_register(control))
            c.move_to_register(result_register(control.results[0]), c.state.top[-1]);
        else
            copy_to_slots(c, control);
        jump_to_label(c, control);
        entry += 4;
    }
}

}  // namespace

void visit_br_table(FunctionCompiler& c) {
    Operand index = c.pop(ValType::I32);
    const std::vector<uint32_t>& depths = read_labels(c);
    check_labels(c, depths);
    const auto count = static_cast<uint32_t>(depths.size());
    c.ensure_room(count * size_t{4} + 256);
    const uint32_t arity = label(c, depths.back()).label_types().size;
    if (const std::vector<LabelRun>& runs = find_runs(c, depths);
        arity == 0 && runs.size() <= MOST_COMPARED_RUNS) {
        c.ensure_room(runs.size() * 32);
        const Register reg = c.load(index);
        compare_runs(c, runs, reg);
        c.release(index);
        return leave_block(c);
    }
    const auto in_register = [&c](uint32_t depth) { return travels_in_register(label(c, depth)); };
    const bool all_in_register = arity == 1 && std::all_of(depths.begin(), depths.end(), in_register);
    // The index gets a register that may change and that is not the result register.
    if (!(index.kind == Kind::Register && index.reg == R11)) {
        c.spill_temporaries(c.state.top, bit(R11));
        c.move_to_register(R11, index);
        c.release(index);
        c.state.free &= ~uint64_t{bit(R11)};
    }
    if (all_in_register) hold_in_result_register(c);
    jump_through_table(c, R11, count - 1);
    uint8_t* entry = c.state.out;
    c.state.out += count * size_t{4};
    if (arity == 0 || all_in_register)
        link_entries(c, depths, entry);
    else
        move_and_jump(c, depths, entry);
    c.state.free |= bit(R11);
    leave_block(c);
}

// ── select ──────────────────────────────────────────────────────────────────
namespace {

// d = source, if the condition holds.
void move_if(FunctionCompiler& c, Condition condition, Operand& source, Register d) {
    if (is_float(source.type)) {
        c.state.out = emit::jump_if(c.state.out, opposite(condition));
        uint8_t* const skip = c.state.out - 4;
        c.move_to_register(d, source);
        emit::patch_relative(skip, c.state.out);
        c.zero_flag_at = nullptr;
        return;
    }
    const auto& form = source.type == ValType::I32 ? forms::move_if32 : forms::move_if64;
    c.state.out = emit::move_if(c.state.out, form, condition, c.load(source), d);
}

// A register that one of the operands leaves to the result, or a new one.
Register choose_result(FunctionCompiler& c, const Operand& a, const Operand& b) {
    if (a.kind == Kind::Register) return a.reg;
    if (b.kind == Kind::Register) return b.reg;
    return c.take(is_float(a.type));
}

void select_of_type(FunctionCompiler& c, Condition condition, ValType type) {
    Operand b = c.pop(type), a = c.pop(type);
    const Register target = c.find_target(type);
    const Register d = target != NO_REGISTER ? target : choose_result(c, a, b);
    if (b.in_register() && b.reg == d) {
        move_if(c, condition, a, d);
    } else {
        c.move_to_register(d, a);
        move_if(c, opposite(condition), b, d);
    }
    c.release(b);
    c.release(a);
    if (target != NO_REGISTER) return c.finish_set();
    c.push_register(type, d);
}

}  // namespace

void select_by_condition(FunctionCompiler& c) {
    const ValType type = c.state.top[-1].type;
    if (type == ValType::None || is_reference(type)) {
        c.fail_invalid("type mismatch: select without a type wants two numbers", c.state.pc - 1);
    }
    select_of_type(c, c.condition, type);
}

void visit_select_t(FunctionCompiler& c) {
    const uint8_t* at = c.state.pc;
    const uint32_t count = c.read_u32();
    if (count != 1) c.fail_invalid("invalid result arity: select wants one type", at);
    const ValType type = c.read_value_type();
    Operand condition = c.pop(ValType::I32);
    const Register reg = c.load(condition);
    c.state.out = emit::two(c.state.out, forms::i32_eq.test, reg, reg);
    c.release(condition);
    select_of_type(c, Condition::NotEqual, type);
}

// ucomis: equal is ZF and not PF. As a branch two jumps, as a value two bytes.
void use_float_equality(FunctionCompiler& c) {
    Condition condition = c.condition;
    while (*c.state.pc == BYTE_I32_EQZ) {
        c.state.pc++;
        condition = opposite(condition);
    }
    // A value first: the rare case is not worth more code here.
    const bool equal = condition == Condition::Equal;
    Operand none{
        .type = ValType::I32, .kind = Kind::Constant, .reg = NO_TEMPORARY, .is_flushed = 0, .bits = 0};
    const Register d = c.load(none);
    Operand other{
        .type = ValType::I32, .kind = Kind::Constant, .reg = NO_TEMPORARY, .is_flushed = 0, .bits = 0};
    const Register e = c.load(other);
    uint8_t* out = c.state.out;
    out = emit::set_condition(out, equal ? Condition::NoParity : Condition::Parity, d);
    out = emit::set_condition(out, condition, e);
    out = emit::two(out, equal ? forms::and_condition : forms::or_condition, e, d);
    c.zero_flag_at = out;
    c.zero_flag_register = d;
    c.state.out = out;
    c.release(other);
    c.state.free &= ~uint64_t{bit(d)};
    c.push_register(ValType::I32, d);
}

void visit_illegal(FunctionCompiler& c) {
    c.fail_malformed("illegal opcode " + std::to_string(c.state.pc[-1]), c.state.pc - 1);
}

}  // namespace linocut
