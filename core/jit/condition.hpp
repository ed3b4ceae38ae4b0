// A condition that is in the flags: the next opcode says what becomes of it.
#pragma once

#include "jit/arch/comparison.hpp"
#include "jit/hot.hpp"

namespace linocut {

// Visitors that go on where the hot ones leave off: the condition is in `FunctionCompiler::condition`.
void branch_if_with_values(FunctionCompiler& c);
void begin_if(FunctionCompiler& c);
void select_by_condition(FunctionCompiler& c);
HOT Condition take_negations(HotState& s, Condition condition) {
    while (*s.pc == kByteI32Eqz) {
        s.pc++;
        condition = opposite(condition);
    }
    return condition;
}

// Adds the site to those that wait for a control frame's end, or leads it there if that is known.
HOT void link_jump(Control& control, Site site) {
    if (control.kind == ControlKind::Loop) {
        site.lead_to(control.loop_start);
        return;
    }
    site.set_next(Site(control.jumps));
    control.jumps = site.field();
}

HOT void branch_if(HotState& s, Condition condition) {
    const uint32_t depth = read_index(s);
    if (depth >= s.c.controls.size()) [[unlikely]]
        refuse();
    Control& control = s.c.controls.at_depth(depth);
    if (control.label_types().size == 0) [[likely]] {
        s.out = emit::jump_if(s.out, condition);
        link_jump(control, emit::site_before(s.out));
        return;
    }
    s.c.condition = condition;
    s.c.branch_depth = depth;
    s.next = handler<branch_if_with_values>;
}

// The condition becomes 0 or 1.
HOT void materialise_condition(HotState& s, Condition condition) {
    const Target target = find_target(s, ValType::I32);
    const Register d =
        target.exists() ? target.reg : take<ValueClass::Int>(s);  // a spill is a move: flags stay
    s.out = emit::set_condition(s.out, condition, d);
    finish(s, ValType::I32, target, d);
}

HOT void consume_condition(HotState& s, Condition condition) {
    if (is_off(s, Switch::FusedBranches)) return materialise_condition(s, condition);
    condition = take_negations(s, condition);
    const uint8_t next = *s.pc;
    if (next == kByteBrIf) {
        s.pc++;
        return branch_if(s, condition);
    }
    if (next == kByteIf || next == kByteSelect) {
        s.pc++;
        s.c.condition = condition;
        s.next = next == kByteIf ? handler<begin_if> : handler<select_by_condition>;
        return;
    }
    materialise_condition(s, condition);
}

}  // namespace linocut
