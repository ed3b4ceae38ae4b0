// Arithmetic of the shapes: d = a op b and d = op a, however the operands arrive.
#pragma once

#include "jit/arch/row_forms.hpp"
#include "jit/hot.hpp"

namespace linocut {

// Whether such an operand may still be a load that is folded into the instruction.
constexpr bool kFoldsLoads = true;

HOT bool fits_imm32(uint64_t bits, ValType type) { return emit::fits_store(type, bits); }

// A load that was to be folded gets a register.
template <ValType Type>
HOT void load_folded(HotState& s, Operand& operand) {
    const auto& form = width_of(Type) == 4 ? forms::f32_load.indexed : forms::f64_load.indexed;
    const Register reg = take<class_of(Type)>(s);
    s.out = encode::at(s.out, form, operand.reg, reg, operand.displacement);
    give_back(s, operand);
    operand = Operand{.type = Type, .kind = Kind::Register, .reg = reg, .is_flushed = 0, .bits = 0};
}

// ── binary: d = d op b ──
// d op= b, whatever b is.
template <const auto& F, bool HasImmediate>
HOT void apply(HotState& s, Register d, Operand& b) {
    constexpr ValType type = F.operand;
    if (b.in_register()) {
        s.out = encode::two(s.out, F.rr, b.reg, d);
    } else if (b.kind == Kind::Constant) {
        if constexpr (HasImmediate) {
            if (fits_imm32(b.bits, type)) {
                s.out = encode::shortest(s.out, F.ri8, F.ri32, d, static_cast<int32_t>(b.bits));
                return;
            }
            move_constant<type>(s, kScratch, b.bits);
            s.out = encode::two(s.out, F.rr, kScratch, d);
        } else if constexpr (class_of(type) == ValueClass::Vector) {
            s.out = encode::without_displacement(s.out, F.rc, d);
            s.call_rare<rare::note_literal>(b.bits);
        } else {
            const Register reg = in_register<type>(s, b);
            s.out = encode::two(s.out, F.rr, reg, d);
        }
    } else if (b.kind == Kind::Memory) {
        s.out = encode::at(s.out, F.rm, b.reg, d, b.displacement);
    } else {
        s.out = encode::at(s.out, F.rs, d, displacement_of(s, b));
    }
}

// The cheap ways to add into another register. False when there is none.
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
            s.out = encode::at(s.out, wide ? forms::add64_disp : forms::add32_disp, a.reg, d, value);
            return true;
        }
        if constexpr (F.kind == BinaryKind::Add) {
            if (b.in_register() && b.reg != d && (a.reg != RBP || b.reg != RBP)) {
                const auto [base, index] = a.reg != RBP ? std::pair(a.reg, b.reg) : std::pair(b.reg, a.reg);
                s.out = encode::three(s.out, wide ? forms::add64_sum : forms::add32_sum, base, index, d);
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
        s.out =
            encode::immediate(encode::one(s.out, shift, d), static_cast<uint8_t>(std::countr_zero(b.bits)));
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
        s.out = encode::two(s.out, form, source, d);
        return true;
    }
    s.out = encode::shortest(s.out, F.rri8, F.rri32, source, d, value);
    return true;
}

// d = a op b. An instruction overwrites its first operand: cheapest where d is a's register.
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

// d = a op b, where b may be d.
template <const ThreeOperand& F>
HOT void compute(HotState& s, Register d, Register a, const Operand& b) {
    if (b.in_register()) {
        s.out = encode::three(s.out, F.rrr, b.reg, a, d);
    } else if (b.kind == Kind::Constant) {
        s.out = encode::without_displacement(s.out, F.rrc, a, d);
        s.call_rare<rare::note_literal>(b.bits);
    } else if (b.kind == Kind::Memory) {
        s.out = encode::at(s.out, F.rrm, b.reg, a, d, b.displacement);
    } else {
        s.out = encode::at(s.out, F.rrs, a, d, displacement_of(s, b));
    }
}

// ── shifts ──
// Shifts by a constant.
template <const Shift& F>
HOT void shift(HotState& s, Register d, const Operand& a, uint8_t amount) {
    move_to<F.operand>(s, d, a);
    if (amount) s.out = encode::immediate(encode::one(s.out, F.by_imm, d), amount);
}

void shift_by_rcx(FunctionCompiler& c, ValType type, const Form<1, false>& form);

// Takes the two topmost operands: the value and the count.
template <const Shift& F>
void visit_shift_by_register(FunctionCompiler& c) {
    shift_by_rcx(c, F.operand, F.by_rcx);
}

// ── unary: d = op a ──
template <const Unary& F>
constexpr bool kTakesSlot = F.rs.exists();

template <const Unary& F>
HOT void convert(HotState& s, Register d, const Operand& a) {
    if (F.clears_first && !(a.in_register() && a.reg == d)) s.out = encode::one(s.out, forms::zero_vector, d);
    if (a.in_register()) {
        s.out = encode::two(s.out, F.rr, a.reg, d);
    } else if constexpr (F.rs.exists()) {
        s.out = encode::at(s.out, F.rs, d, displacement_of(s, a));
    }
}

}  // namespace linocut
