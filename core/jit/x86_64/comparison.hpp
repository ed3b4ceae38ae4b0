// Comparisons set the flags; what is then asked of the flags is a Condition.
#pragma once

#include "jit/arch/arithmetic.hpp"
#include "jit/hot.hpp"

namespace linocut {

// Sets the flags by an operand ("is it zero?"), unless the instruction before has done so.
template <ValType Type>
HOT void test_zero(HotState& s, Operand& a) {
    if (a.in_register() && s.c.zero_flag_at == s.out && s.c.zero_flag_register == a.reg) {
        if (!is_off(s, Switch::FusedBranches)) return;
    }
    if (!a.in_register() && a.kind != Kind::Constant) {
        const auto& form = Type == ValType::I32 ? forms::i32_eq.si8 : forms::i64_eq.si8;
        s.out = encode::immediate(encode::at(s.out, form, displacement_of(s, a)), int8_t{0});
        return;
    }
    const Register reg = in_register<Type>(s, a);
    s.out = encode::one(s.out, Type == ValType::I32 ? forms::test32 : forms::test64, reg);
}

// "Is a & b zero?", for two i32. b must not be a load that is still to be folded.
HOT void test_bits(HotState& s, Operand& a, Operand& b) {
    const Register ra = in_register<ValType::I32>(s, a);
    if (b.kind == Kind::Constant && b.bits <= 0xFF) {
        s.out = encode::immediate(encode::one(s.out, forms::test8_imm, ra), static_cast<uint8_t>(b.bits));
    } else if (b.kind == Kind::Constant) {
        s.out = encode::immediate(encode::one(s.out, forms::test32_imm, ra), static_cast<uint32_t>(b.bits));
    } else {
        const Register rb = in_register<ValType::I32>(s, b);
        s.out = encode::two(s.out, forms::i32_eq.test, rb, ra);
    }
}

template <const Compare& F>
HOT void compare(HotState& s, Operand& a, Operand& b, bool against_zero) {
    if (b.kind == Kind::Constant && fits_imm32(b.bits, F.operand)) {
        const auto value = static_cast<int32_t>(b.bits);
        if (a.in_register()) {
            if (against_zero) {
                s.out = encode::two(s.out, F.test, a.reg, a.reg);
                return;
            }
            s.out = encode::shortest(s.out, F.ri8, F.ri32, a.reg, value);
            return;
        }
        if (a.kind != Kind::Constant) {
            const int32_t displacement = displacement_of(s, a);
            if (value == static_cast<int8_t>(value)) {
                s.out = encode::immediate(encode::at(s.out, F.si8, displacement), static_cast<int8_t>(value));
            } else {
                s.out = encode::immediate(encode::at(s.out, F.si32, displacement), value);
            }
            return;
        }
    }
    const Register ra = in_register<F.operand>(s, a);
    apply<F, true>(s, ra, b);
}

// Some conditions of floats exist for swapped operands only, so that "unordered" reads as false.
template <const FloatCompare& F>
HOT void compare(HotState& s, Operand& a, Operand& b) {
    if (F.swapped) {
        // A folded load must stay on the right: it gets a register, so that the operands can change places.
        if (b.kind == Kind::Memory) load_folded<F.operand>(s, b);
        std::swap(a, b);
    }
    const Register ra = in_register<F.operand>(s, a);
    apply<F, false>(s, ra, b);
}

// Whether one condition says what a comparison of floats has found.
template <const FloatCompare& F>
constexpr bool kIsOneCondition = F.condition != Condition::Equal && F.condition != Condition::NotEqual;

// Where none does: equal is "ZF and not PF", not equal its opposite. Makes it a value.
void use_float_equality(FunctionCompiler& c);

// d = source, if the condition holds.
void move_if(FunctionCompiler& c, Condition condition, Operand& source, Register d);

}  // namespace linocut
