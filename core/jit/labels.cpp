#include "jit/labels.hpp"

#include "jit/condition.hpp"
#include "validation/validator.hpp"

namespace linocut {

// Below its first operand lie its own barrier and those of the frames around it.
size_t height_of(const FunctionCompiler& c, const Control& control) {
    return control.base - 1 - c.controls.depth_of(control);
}

void check_values(const FunctionCompiler& c, TypeSpan types) {
    // Downward: below lies a barrier, whose type is none of these.
    const Operand* operand = c.state.top;
    for (uint32_t i = types.size; i-- > 0;)
        if ((--operand)->type != types[i]) refuse();
}

// In ascending order: a slot that is written belongs to a lower height than every source still to be read.
void copy_to_slots(FunctionCompiler& c, TypeSpan types, size_t height) {
    c.ensure_room(types.size * size_t{32});
    const Operand* source = c.state.top - types.size;
    for (uint32_t i = 0; i < types.size; i++) c.store_at_slot(source[i], c.slot_at(height + i, types[i]));
}

void copy_to_label(FunctionCompiler& c, const Control& control) {
    copy_to_slots(c, control.label_types(), height_of(c, control));
}

void settle_many_values(FunctionCompiler& c, TypeSpan types) {
    constexpr uint32_t kMany = 8;
    if (types.size < kMany) return;
    c.ensure_room(types.size * size_t{32});
    Operand* const first = c.state.top - types.size;
    for (Operand* operand = c.state.top; operand-- > first;) c.settle(operand);
}

void hold_in_result_register(FunctionCompiler& c) {
    Operand* top = c.state.top - 1;
    const Register d = result_register(top->type);
    if (top->kind == Kind::Register && top->reg == d) return;
    if (!(c.state.free & bit(d))) c.spill_temporaries(top, bit(d));
    c.move_to_register(d, *top);
    if (top->kind != Kind::Register) return;
    c.state.free |= bit(top->reg);
    c.state.free &= ~bit(d);
    c.owners[d] = top;
    top->reg = d;
}

void place_label_values(FunctionCompiler& c, const Control& control) {
    check_values(c, control.label_types());
    if (travels_in_register(control))
        hold_in_result_register(c);
    else
        copy_to_label(c, control);
}

void jump_to_label(FunctionCompiler& c, Control& control) {
    c.state.out = emit::jump(c.state.out);
    link_jump(control, emit::site_before(c.state.out));
}

void discard_to_base(FunctionCompiler& c) {
    while (c.state.top > c.base()) c.discard();
}

void leave_block(FunctionCompiler& c) {
    discard_to_base(c);
    c.control().is_unreachable = true;
    const size_t values = static_cast<size_t>(c.state.top - c.stack) - c.controls.size();
    c.state.pc = check_dead_code(c, c.controls.frames(), values);
}

}  // namespace linocut
