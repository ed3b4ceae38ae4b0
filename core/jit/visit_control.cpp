// Blocks and branches.
#include "jit/visit_control.hpp"

#include "jit/calls.hpp"
#include "jit/labels.hpp"
#include "validation/immediates.hpp"

namespace linocut {

namespace {

void push_barrier(FunctionCompiler& c) {
    *c.state.top++ =
        Operand{.type = ValType::None, .kind = Kind::Barrier, .reg = 0, .is_flushed = 1, .bits = 0};
}

void push_slot(FunctionCompiler& c, ValType type) {
    const int32_t displacement = c.slot_of(c.state.top, type);
    *c.state.top++ =
        Operand{.type = type, .kind = Kind::Slot, .reg = kNoTemporary, .is_flushed = 0, .bits = 0};
    c.state.top[-1].displacement = displacement;
}

}  // namespace

void push_slots(FunctionCompiler& c, TypeSpan types) {
    c.reserve_operands(types.size);
    for (uint32_t i = 0; i < types.size; i++) push_slot(c, types[i]);
}

namespace {

// All operands go to their slots where a block begins, except constants that are not its parameters.
void settle_operands(FunctionCompiler& c, TypeSpan params) {
    check_values(c, params);
    c.ensure_room(params.size * size_t{32});
    for (uint32_t i = params.size; i-- > 0;) {
        const Operand* const operand = c.state.top - 1;
        c.store_at_slot(*operand, c.slot_of(operand, operand->type));
        c.discard();
    }
    c.flush();
}

}  // namespace

// The barrier comes under the parameters, which stay at the heights that they have.
Control& begin_block(FunctionCompiler& c, ControlKind kind, const BlockType& type) {
    settle_operands(c, type.params);
    push_barrier(c);
    const auto base = static_cast<uint32_t>(c.state.top - c.stack);
    c.controls.push({kind, false, base, type.params, type.results, c.state.out, nullptr, nullptr});
    push_slots(c, type.params);
    return c.controls.back();
}

namespace {

// The values of a block that is being left at its end: either where its label's jumps bring them, or, when
// there are no jumps, wherever they are.
void check_block_end(FunctionCompiler& c, const Control& control) {
    check_values(c, control.results);
    if (c.state.top != c.base() + control.results.size) refuse();
}

// Where a block's results are after its end. A loop's end is no label, but its results move alike.
void place_end_values(FunctionCompiler& c, const Control& control) {
    if (control.results.size == 1)
        hold_in_result_register(c);
    else
        copy_to_slots(c, control.results, height_of(c, control));
}

void pop_to_barrier(FunctionCompiler& c) {
    discard_to_base(c);
    c.state.top--;
}

void push_label_values(FunctionCompiler& c, TypeSpan results) {
    c.state.free = kTemporaries;
    if (results.size == 1)
        c.push_register(results[0], result_register(results[0]));
    else
        push_slots(c, results);
}

// Its values are where the label's jumps bring them.
void close_at_merge(FunctionCompiler& c, const Control& control) {
    if (!control.is_unreachable) place_end_values(c, c.control());
    pop_to_barrier(c);
    c.controls.pop();
    bind_jumps(c, c.state.out, Site(control.jumps));
    push_label_values(c, control.results);
}

// A block to whose end nothing jumps: its one value only loses the barrier below it.
void close_without_jumps(FunctionCompiler& c, const Control& control) {
    c.controls.pop();
    if (control.results.size == 0) {
        c.state.top--;
        return;
    }
    const Operand value = c.pop_any();
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

}  // namespace

void open_block(FunctionCompiler& c) { begin_block(c, ControlKind::Block, read_block_type(c)); }

void open_loop(FunctionCompiler& c) {
    Control& control = begin_block(c, ControlKind::Loop, read_block_type(c));
    meet_paths(c);
    control.loop_start = c.state.out;
}

// The flags hold the condition: everything here keeps them.
void begin_if(FunctionCompiler& c) {
    Control& control = begin_block(c, ControlKind::If, read_block_type(c));
    c.state.out = emit::jump_if(c.state.out, opposite(c.condition));
    const Site else_jump = emit::site_before(c.state.out);
    else_jump.set_next({});
    control.else_jump = else_jump.field();
}

void leave_part(FunctionCompiler& c, Control& control) {
    check_block_end(c, control);
    place_end_values(c, control);
    discard_to_base(c);
    jump_to_label(c, control);
}

void visit_else(FunctionCompiler& c) {
    Control& control = c.control();
    if (control.kind != ControlKind::If) refuse();
    if (!control.is_unreachable) leave_part(c, control);
    bind_jumps(c, c.state.out, Site(control.else_jump));
    control.else_jump = nullptr;
    control.kind = ControlKind::Else;
    control.is_unreachable = false;
    c.state.free = kTemporaries;
    push_slots(c, control.params);
}

// The end of an if without an else part.
static void close_if(FunctionCompiler& c) {
    Control& control = c.control();
    if (control.params.size == 0) {
        // The jump there is one more jump to the end.
        control.kind = ControlKind::Block;
        link_jump(control, Site(control.else_jump));
        if (control.results.size) refuse();
        return;
    }
    // Its parameters are its results.
    if (!matches(control.params, control.results)) refuse();
    visit_else(c);
}

bool close_block(FunctionCompiler& c) {
    if (c.inlining.holds(c.last) && c.state.pc > c.last) return false;
    if (c.control().kind == ControlKind::If) close_if(c);
    if (has_handler(c.control().kind)) c.tries.close();
    const Control control = c.control();
    if (!control.is_unreachable) check_block_end(c, control);
    if (control.jumps || control.is_unreachable || control.results.size > 1)
        close_at_merge(c, control);
    else
        close_without_jumps(c, control);
    const bool is_last = c.state.pc == c.last + 1;
    if (c.controls.empty() != is_last) refuse();
    return !is_last;
}

// ── branches ──
static Control& read_label(FunctionCompiler& c) {
    const uint32_t depth = c.read_u32();
    if (depth >= c.controls.size()) refuse();
    return c.controls.at_depth(depth);
}

void visit_unreachable(FunctionCompiler& c) {
    c.state.out = emit::call_trap(c.state.out, TrapKind::Unreachable);
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
        link_jump(control, emit::site_before(c.state.out));
        return;
    }
    settle_many_values(c, control.label_types());
    // Slots that the label overwrites may be live on the other way: only copy when the branch is taken.
    c.state.out = emit::jump_if(c.state.out, opposite(condition));
    const Site skip = emit::site_before(c.state.out);
    copy_to_label(c, control);
    jump_to_label(c, control);
    skip.lead_to(c.state.out);
    c.zero_flag_at = nullptr;
}

void visit_illegal(FunctionCompiler&) { refuse(); }

}  // namespace linocut
