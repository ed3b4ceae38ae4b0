// Plain rows without memory: arithmetic, shifts, comparisons, conversions, and rows from their C bodies.
#pragma once

#include "jit/condition.hpp"
#include "jit/hot.hpp"

namespace linocut {

HOT bool fits_imm32(uint64_t bits, ValType type) {
    return type == ValType::I32 || static_cast<int64_t>(bits) == static_cast<int32_t>(bits);
}

// ── binary: d = d op b ──────────────────────────────────────────────────────
// d op= b, whatever b is.
template <const auto& F, bool HasImmediate>
HOT void apply(HotState& s, Register d, Operand& b) {
    constexpr ValType type = F.operand;
    if (b.in_register()) {
        s.out = emit::two(s.out, F.rr, b.reg, d);
    } else if (b.kind == Kind::Constant) {
        if constexpr (HasImmediate) {
            if (fits_imm32(b.bits, type)) {
                const uint64_t bits8 = emit::field(F.ri8, 0, d), bits32 = emit::field(F.ri32, 0, d);
                s.out = emit::shortest(s.out, F.ri8, F.ri32, bits8, bits32, static_cast<int32_t>(b.bits));
                return;
            }
            move_constant<type>(s, SCRATCH, b.bits);
            s.out = emit::two(s.out, F.rr, SCRATCH, d);
        } else if constexpr (class_of(type) == ValueClass::Vector) {
            s.out = emit::without_displacement(s.out, F.rc, d);
            s.call_rare<rare::note_float>(b.bits);
        } else {
            const Register reg = in_register<type>(s, b);
            s.out = emit::two(s.out, F.rr, reg, d);
        }
    } else if (b.kind == Kind::Memory) {
        s.out = emit::at(s.out, F.rm, b.reg, d, b.displacement);
    } else {
        s.out = emit::at(s.out, F.rs, d, displacement_of(s, b));
    }
}

// The cheap ways to add or multiply into another register. False when there is none.
template <const Binary& F>
HOT bool apply_three_operands(HotState& s, Register d, const Operand& a, const Operand& b) {
    constexpr bool wide = F.operand == ValType::I64;
    if constexpr (F.kind == BinaryKind::Add || F.kind == BinaryKind::Subtract) {
        if (!a.in_register() || a.reg == d) return false;
        if (b.kind == Kind::Constant && fits_imm32(b.bits, F.operand)) {
            auto value = static_cast<int32_t>(b.bits);
            if (value == 0) return false;
            if constexpr (F.kind == BinaryKind::Subtract) {
                if (value == INT32_MIN) return false;
                value = -value;
            }
            s.out = emit::at(s.out, wide ? forms::add64_disp : forms::add32_disp, a.reg, d, value);
            return true;
        }
        if constexpr (F.kind == BinaryKind::Add) {
            if (b.in_register() && b.reg != d && (a.reg != RBP || b.reg != RBP)) {
                const auto [base, index] = a.reg != RBP ? std::pair(a.reg, b.reg) : std::pair(b.reg, a.reg);
                s.out = emit::three(s.out, wide ? forms::add64_sum : forms::add32_sum, base, index, d);
                return true;
            }
        }
    }
    return false;
}

// Multiplication by a constant: lea for 3, 5, 9, a shift for powers of two, else imul with an immediate.
template <const Binary& F>
HOT bool multiply_by_constant(HotState& s, Register d, Operand& a, const Operand& b) {
    constexpr bool wide = F.operand == ValType::I64;
    if (b.kind != Kind::Constant || !fits_imm32(b.bits, F.operand)) return false;
    const auto value = static_cast<int32_t>(b.bits);
    if (value > 0 && (value & (value - 1)) == 0) {
        move_to<F.operand>(s, d, a);
        if (value == 1) return true;
        const auto& shift = wide ? forms::i64_shl.by_imm : forms::i32_shl.by_imm;
        s.out = emit::immediate(emit::one(s.out, shift, d), static_cast<uint8_t>(std::countr_zero(b.bits)));
        return true;
    }
    Register source = d;
    if (a.in_register())
        source = a.reg;
    else
        move_to<F.operand>(s, d, a);
    if ((value == 3 || value == 5 || value == 9) && source != RBP) {
        const auto& form = value == 3   ? (wide ? forms::times3_64 : forms::times3_32)
                           : value == 5 ? (wide ? forms::times5_64 : forms::times5_32)
                                        : (wide ? forms::times9_64 : forms::times9_32);
        s.out = emit::two(s.out, form, source, d);
        return true;
    }
    const uint64_t bits8 = emit::field(F.rri8, 0, source) | emit::field(F.rri8, 1, d);
    const uint64_t bits32 = emit::field(F.rri32, 0, source) | emit::field(F.rri32, 1, d);
    s.out = emit::shortest(s.out, F.rri8, F.rri32, bits8, bits32, value);
    return true;
}

// Before eqz, br_if or if, an `and` is only asked for its flags: test.
template <const Binary& F>
HOT bool test_instead(HotState& s, Operand& a, Operand& b) {
    if (is_off(s, Switch::FusedBranches)) return false;
    if (s.pc[0] != BYTE_BR_IF && s.pc[0] != BYTE_IF && s.pc[0] != BYTE_I32_EQZ) return false;
    if (b.kind == Kind::Memory) return false;
    const Register ra = in_register<ValType::I32>(s, a);
    if (b.kind == Kind::Constant && b.bits <= 0xFF) {
        s.out = emit::immediate(emit::one(s.out, forms::test8_imm, ra), static_cast<uint8_t>(b.bits));
    } else if (b.kind == Kind::Constant) {
        s.out = emit::immediate(emit::one(s.out, forms::test32_imm, ra), static_cast<uint32_t>(b.bits));
    } else {
        const Register rb = in_register<ValType::I32>(s, b);
        s.out = emit::two(s.out, forms::i32_eq.test, rb, ra);
    }
    give_back(s, b);
    give_back(s, a);
    consume_condition(s, Condition::NotEqual);
    return true;
}

// d = a op b.
template <const Binary& F>
HOT void compute(HotState& s, Register d, Operand& a, Operand& b) {
    if constexpr (F.kind == BinaryKind::Multiply) {
        if (multiply_by_constant<F>(s, d, a, b)) return;
    } else {
        if (apply_three_operands<F>(s, d, a, b)) return;
    }
    move_to<F.operand>(s, d, a);
    apply<F, class_of(F.operand) == ValueClass::Int && F.kind != BinaryKind::Multiply>(s, d, b);
    if constexpr (F.sets_zero_flag) {
        s.c.zero_flag_at = s.out;
        s.c.zero_flag_register = d;
    }
}

template <const Binary& F>
HOT void visit_binary(HotState& s) {
    Operand b = s.top[-1], a = s.top[-2];
    expect(b, F.operand);
    expect(a, F.operand);
    s.top -= 2;
    unlink(s, b);
    unlink(s, a);
    materialise_constant<F.operand>(s, b);
    materialise_constant<F.operand>(s, a);
    if constexpr (F.kind == BinaryKind::And && F.operand == ValType::I32) {
        if (test_instead<F>(s, a, b)) return;
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

// ── shift: the count is in rcx or known ─────────────────────────────────────
void shift_by_register(FunctionCompiler& c, ValType type, const Form<1, false>& form);

template <const Shift& F>
void visit_shift_by_register(FunctionCompiler& c) {
    shift_by_register(c, F.operand, F.by_rcx);
}

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
    const auto amount = static_cast<uint8_t>(count.bits & (F.operand == ValType::I64 ? 63 : 31));
    const auto shift_in = [&](Register d) __attribute__((always_inline)) {
        move_to<F.operand>(s, d, a);
        if (amount) s.out = emit::immediate(emit::one(s.out, F.by_imm, d), amount);
    };
    if (const Target target = find_target(s, F.result); target.exists()) {
        shift_in(target.reg);
        give_back(s, a);
        return finish_set(s);
    }
    const bool reuses_a = a.kind == Kind::Register;
    const Register d = reuses_a ? a.reg : take<ValueClass::Int>(s);
    shift_in(d);
    if (!reuses_a) give_back(s, a);
    push_temporary(s, F.result, d);
}

// ── comparisons ─────────────────────────────────────────────────────────────
template <const Compare& F>
HOT void compare(HotState& s, Operand& a, Operand& b, bool against_zero) {
    if (b.kind == Kind::Constant && fits_imm32(b.bits, F.operand)) {
        const auto value = static_cast<int32_t>(b.bits);
        if (a.in_register()) {
            if (against_zero) {
                s.out = emit::two(s.out, F.test, a.reg, a.reg);
                return;
            }
            const uint64_t bits8 = emit::field(F.ri8, 0, a.reg), bits32 = emit::field(F.ri32, 0, a.reg);
            s.out = emit::shortest(s.out, F.ri8, F.ri32, bits8, bits32, value);
            return;
        }
        if (a.kind != Kind::Constant) {
            const int32_t displacement = displacement_of(s, a);
            if (value == static_cast<int8_t>(value)) {
                s.out = emit::immediate(emit::at(s.out, F.si8, displacement), static_cast<int8_t>(value));
            } else {
                s.out = emit::immediate(emit::at(s.out, F.si32, displacement), value);
            }
            return;
        }
    }
    const Register ra = in_register<F.operand>(s, a);
    apply<F, true>(s, ra, b);
}

constexpr Condition swap_operands(Condition condition) {
    switch (condition) {
    case Condition::Less: return Condition::Greater;
    case Condition::Greater: return Condition::Less;
    case Condition::LessEqual: return Condition::GreaterEqual;
    case Condition::GreaterEqual: return Condition::LessEqual;
    case Condition::Below: return Condition::Above;
    case Condition::Above: return Condition::Below;
    case Condition::BelowEqual: return Condition::AboveEqual;
    case Condition::AboveEqual: return Condition::BelowEqual;
    default: return condition;
    }
}

template <const Compare& F>
HOT void visit_compare(HotState& s) {
    Operand b = s.top[-1], a = s.top[-2];
    expect(b, F.operand);
    expect(a, F.operand);
    s.top -= 2;
    unlink(s, b);
    unlink(s, a);
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
    Operand b = s.top[-1], a = s.top[-2];
    expect(b, F.operand);
    expect(a, F.operand);
    s.top -= 2;
    unlink(s, b);
    unlink(s, a);
    if (F.swapped && b.kind != Kind::Memory) {
        std::swap(a, b);
    } else if (F.swapped) {
        // The load must stay on the right: give it a register so that the operands can change places.
        const Register reg = take<ValueClass::Vector>(s);
        s.out = emit::at(s.out, F.operand == ValType::F64 ? forms::f64_load.indexed : forms::f32_load.indexed,
                         b.reg, reg, b.displacement);
        give_back(s, b);
        b = Operand{.type = F.operand, .kind = Kind::Register, .reg = reg, .is_flushed = 0, .bits = 0};
        std::swap(a, b);
    }
    const Register ra = in_register<F.operand>(s, a);
    apply<F, false>(s, ra, b);
    give_back(s, b);
    give_back(s, a);
    if constexpr (F.condition == Condition::Equal || F.condition == Condition::NotEqual) {
        consume_equality(s, F.condition);
    } else {
        consume_condition(s, F.condition);
    }
}

// ── unary: d = op a ─────────────────────────────────────────────────────────
template <const Unary& F>
HOT void convert(HotState& s, Register d, const Operand& a) {
    if (F.clears_first && !(a.in_register() && a.reg == d)) s.out = emit::one(s.out, forms::zero_vector, d);
    if (a.in_register()) {
        s.out = emit::two(s.out, F.rr, a.reg, d);
    } else if constexpr (F.rs.exists()) {
        s.out = emit::at(s.out, F.rs, d, displacement_of(s, a));
    }
}

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
    if (a.kind == Kind::Constant || !F.rs.exists()) in_register<F.operand>(s, a);
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

// ── fixed: the row's own C, operands in fixed registers ─────────────────────
void copy_stencil(FunctionCompiler& c, const Fixed& stencil);

template <const Fixed& F>
void visit_fixed(FunctionCompiler& c) {
    copy_stencil(c, F);
}

}  // namespace linocut
