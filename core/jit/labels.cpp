#include "jit/labels.hpp"

#include "jit/condition.hpp"

namespace linocut {

// Where the label's values stand afterwards: a loop's above its barrier, a block's in place of it.
static uint32_t label_position(const Control& control) {
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

// In ascending
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

void leave_block(FunctionCompiler& c) {
    discard_to_base(c);
    c.control().is_unreachable = true;
    c.state.pc = check_dead_code(c, c.state.pc);
}

}  // namespace linocut
