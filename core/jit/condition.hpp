// A condition that is in the flags: the next opcode says what becomes of it.
#pragma once

#include "jit/hot.hpp"

namespace linocut {

// Visitors that go on where the hot ones leave off: the condition is in `FunctionCompiler::condition`.
void branch_if_with_values(FunctionCompiler& c);
void begin_if(FunctionCompiler& c);
void select_by_condition(FunctionCompiler& c);
// Equal is "ZF and not PF", as ucomis leaves it; not equal is its opposite.
void use_float_equality(FunctionCompiler& c);

constexpr Condition opposite(Condition condition) {
    return static_cast<Condition>(static_cast<uint8_t>(condition) ^ 1);
}

HOT Condition take_negations(HotState& s, Condition condition) {
    while (*s.pc == BYTE_I32_EQZ) {
        s.pc++;
        condition = opposite(condition);
    }
    return condition;
}

// Adds a field to the jumps that wait for a control frame's end; or fills it when the target is known.
HOT void link_jump(Control& control, uint8_t* field) {
    if (control.kind == ControlKind::Loop) {
        emit::patch_relative(field, control.loop_start);
        return;
    }
    emit::store(field, control.jumps ? static_cast<int32_t>(field - control.jumps) : 0);
    control.jumps = field;
}

HOT void branch_if(HotState& s, Condition condition) {
    const uint32_t depth = read_index(s);
    if (depth >= s.c.controls.size()) [[unlikely]]
        refuse();
    Control& control = s.c.controls.at_depth(depth);
    if (control.label_types().size == 0) [[likely]] {
        s.out = emit::jump_if(s.out, condition);
        link_jump(control, s.out - 4);
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
    s.out = emit::one(s.out, forms::widen_byte, d);
    finish(s, ValType::I32, target, d);
}

HOT void consume_condition(HotState& s, Condition condition) {
    if (is_off(s, Switch::FusedBranches)) return materialise_condition(s, condition);
    condition = take_negations(s, condition);
    const uint8_t next = *s.pc;
    if (next == BYTE_BR_IF) {
        s.pc++;
        return branch_if(s, condition);
    }
    if (next == BYTE_IF || next == BYTE_SELECT) {
        s.pc++;
        s.c.condition = condition;
        s.next = next == BYTE_IF ? handler<begin_if> : handler<select_by_condition>;
        return;
    }
    materialise_condition(s, condition);
}

HOT void consume_equality(HotState& s, Condition condition) {
    s.c.condition = condition;
    s.next = handler<use_float_equality>;
}

// Sets the flags by an operand, unless the instruction before has done so.
template <ValType Type>
HOT void test_zero(HotState& s, Operand& a) {
    if (a.in_register() && s.c.zero_flag_at == s.out && s.c.zero_flag_register == a.reg) {
        if (!is_off(s, Switch::FusedBranches)) return;
    }
    if (!a.in_register() && a.kind != Kind::Constant) {
        const auto& form = Type == ValType::I32 ? forms::i32_eq.si8 : forms::i64_eq.si8;
        s.out = emit::immediate(emit::at(s.out, form, displacement_of(s, a)), int8_t{0});
        return;
    }
    const Register reg = in_register<Type>(s, a);
    s.out = emit::one(s.out, Type == ValType::I32 ? forms::test32 : forms::test64, reg);
}

}  // namespace linocut
