// Plain rows without memory: arithmetic, shifts, comparisons, conversions, and rows from their C bodies.
#pragma once

#include "jit/arch/arithmetic.hpp"
#include "jit/arch/comparison.hpp"
#include "jit/condition.hpp"
#include "jit/hot.hpp"

namespace linocut {

// The operands of a binary opcode, both of that type.
HOT void pop_two(HotState& s, ValType type, Operand& a, Operand& b) {
    b = s.top[-1];
    a = s.top[-2];
    expect(b, type);
    expect(a, type);
    s.top -= 2;
    unlink(s, b);
    unlink(s, a);
}

// Before eqz, br_if or if, only the flags of an `and` are wanted: a test gives them.
HOT bool test_instead(HotState& s, Operand& a, Operand& b) {
    if (is_off(s, Switch::FusedBranches)) return false;
    if (s.pc[0] != kByteBrIf && s.pc[0] != kByteIf && s.pc[0] != kByteI32Eqz) return false;
    if (b.kind == Kind::Memory) return false;
    test_bits(s, a, b);
    give_back(s, b);
    give_back(s, a);
    consume_condition(s, Condition::NotEqual);
    return true;
}

template <const Binary& F>
HOT void visit_binary(HotState& s) {
    Operand a, b;
    pop_two(s, F.operand, a, b);
    materialise_constant<F.operand>(s, b);
    materialise_constant<F.operand>(s, a);
    if constexpr (F.kind == BinaryKind::And && F.operand == ValType::I32) {
        if (test_instead(s, a, b)) return;
    }
    const Target target = find_target(s, F.result);
    if constexpr (F.commutative) {
        const bool b_is_better = target.exists() ? b.in_register() && b.reg == target.reg
                                                 : b.kind == Kind::Register && a.kind != Kind::Register;
        if ((b_is_better || a.kind == Kind::Constant) && b.kind != Kind::Memory) std::swap(a, b);
    }
    if (target.exists()) {
        const bool b_uses_target = (b.in_register() || b.kind == Kind::Memory) && b.reg == target.reg;
        if (!b_uses_target || (a.in_register() && a.reg == target.reg)) {
            compute<F>(s, target.reg, a, b);
            give_back(s, b);
            give_back(s, a);
            return finish_set(s);
        }
    }
    const bool reuses_a = a.kind == Kind::Register;
    const Register d = reuses_a ? a.reg : take<class_of(F.operand)>(s);
    compute<F>(s, d, a, b);
    give_back(s, b);
    if (!reuses_a) give_back(s, a);
    push_temporary(s, F.result, d);
}

// ── three operands: the result goes elsewhere than the first one ──
template <const ThreeOperand& F>
HOT void visit_three_operand(HotState& s) {
    Operand a, b;
    pop_two(s, F.operand, a, b);
    materialise_constant<F.operand>(s, b);
    const Register first = in_register<F.operand>(s, a);
    const Target target = find_target(s, F.result);
    if (target.exists()) {
        compute<F>(s, target.reg, first, b);
        give_back(s, b);
        give_back(s, a);
        return finish_set(s);
    }
    const bool reuses_a = a.kind == Kind::Register;
    const Register d = reuses_a ? first : take<class_of(F.operand)>(s);
    compute<F>(s, d, first, b);
    give_back(s, b);
    if (!reuses_a) give_back(s, a);
    push_temporary(s, F.result, d);
}

// ── shift: the count is in a register or known ──
template <const Shift& F>
HOT void visit_shift(HotState& s) {
    Operand count = s.top[-1], a = s.top[-2];
    expect(count, F.operand);
    expect(a, F.operand);
    if (count.kind != Kind::Constant || is_off(s, Switch::Immediates)) {
        s.next = handler<visit_shift_by_register<F>>;
        return;
    }
    s.top -= 2;
    unlink(s, a);
    const auto amount = static_cast<uint8_t>(count.bits & (8 * width_of(F.operand) - 1));
    if (const Target target = find_target(s, F.result); target.exists()) {
        shift<F>(s, target.reg, a, amount);
        give_back(s, a);
        return finish_set(s);
    }
    const bool reuses_a = a.kind == Kind::Register;
    const Register d = reuses_a ? a.reg : take<ValueClass::Int>(s);
    shift<F>(s, d, a, amount);
    if (!reuses_a) give_back(s, a);
    push_temporary(s, F.result, d);
}

// ── comparisons ──
template <const Compare& F>
HOT void visit_compare(HotState& s) {
    Operand a, b;
    pop_two(s, F.operand, a, b);
    materialise_constant<F.operand>(s, b);
    materialise_constant<F.operand>(s, a);
    Condition condition = F.condition;
    if (a.kind == Kind::Constant && b.kind != Kind::Constant && b.kind != Kind::Memory) {
        std::swap(a, b);
        condition = swap_operands(F.condition);
    }
    constexpr bool is_equality = F.condition == Condition::Equal || F.condition == Condition::NotEqual;
    compare<F>(s, a, b, is_equality && b.kind == Kind::Constant && b.bits == 0);
    give_back(s, b);
    give_back(s, a);
    consume_condition(s, condition);
}

template <const Test& F>
HOT void visit_test(HotState& s) {
    Operand a = s.top[-1];
    expect(a, F.operand);
    s.top--;
    unlink(s, a);
    test_zero<F.operand>(s, a);
    give_back(s, a);
    consume_condition(s, Condition::Equal);
}

template <const FloatCompare& F>
HOT void visit_float_compare(HotState& s) {
    Operand a, b;
    pop_two(s, F.operand, a, b);
    compare<F>(s, a, b);
    give_back(s, b);
    give_back(s, a);
    if constexpr (kIsOneCondition<F>) return consume_condition(s, F.condition);
    s.c.condition = F.condition;
    s.next = handler<use_float_equality>;
}

// ── unary: d = op a ──
template <const Unary& F>
HOT void visit_unary(HotState& s) {
    constexpr ValueClass result_class = class_of(F.result);
    constexpr bool same_class = class_of(F.operand) == result_class;
    Operand a = s.top[-1];
    expect(a, F.operand);
    s.top--;
    unlink(s, a);
    if (F.keeps_bits && a.kind == Kind::Register) return push_temporary(s, F.result, a.reg);
    const Target target = find_target(s, F.result);
    if (a.kind == Kind::Constant || !kTakesSlot<F>) in_register<F.operand>(s, a);
    if (target.exists()) {
        convert<F>(s, target.reg, a);
        give_back(s, a);
        return finish_set(s);
    }
    const bool in_place = same_class && a.kind == Kind::Register;
    const Register d = in_place ? a.reg : take<result_class>(s);
    convert<F>(s, d, a);
    if (!in_place) give_back(s, a);
    push_temporary(s, F.result, d);
}

// ── fixed: the row's own C, operands in fixed registers ──
void copy_stencil(FunctionCompiler& c, const Fixed& stencil);

template <const Fixed& F>
void visit_fixed(FunctionCompiler& c) {
    copy_stencil(c, F);
}

// Where another stencil has the body in the deterministic profile.
template <auto Visit, const Fixed& Deterministic>
void visit_chosen(FunctionCompiler& c) {
    if (c.is_off(Switch::FreeChoices)) return copy_stencil(c, Deterministic);
    Visit(c);
}

// Where the processor may round once instead of twice.
template <auto Visit, auto Better>
void visit_better(FunctionCompiler& c) {
    return c.is_better && !c.is_off(Switch::FreeChoices) ? Better(c) : Visit(c);
}

// ── atomic accesses: the same, with the address as a pointer ──
void access_atomically(FunctionCompiler& c, const Fixed& stencil);

template <const Fixed& F>
void visit_atomic(FunctionCompiler& c) {
    access_atomically(c, F);
}

}  // namespace linocut
