#include "jit/arch/division.hpp"

#include <bit>

#include "jit/arch/row_forms.hpp"
#include "jit/reciprocal.hpp"

namespace linocut {

namespace {

// All three may change.
constexpr Register kResult = RAX, kDividend = RCX, kHigh = RDX;

// One division, and where its code goes. Registers hold whole words; of an i32 the upper half counts for nothing.
struct Writer {
    uint8_t* out;
    const bool is_wide;
    const bool is_signed;

    ValType type() const { return is_wide ? ValType::I64 : ValType::I32; }
    uint8_t bits() const { return is_wide ? 64 : 32; }

    void move(Register s, Register d) { out = emit::move(out, type(), s, d); }
    void load(Register d, uint64_t value) { out = emit::constant(out, ValType::I64, d, value); }
    void add(Register s, Register d) { two(forms::i32_add.rr, forms::i64_add.rr, s, d); }
    void subtract(Register s, Register d) { two(forms::i32_sub.rr, forms::i64_sub.rr, s, d); }
    void shift_unsigned(Register d, uint8_t by) {
        shift(forms::i32_shr_u.by_imm, forms::i64_shr_u.by_imm, d, by);
    }
    void shift_signed(Register d, uint8_t by) {
        shift(forms::i32_shr_s.by_imm, forms::i64_shr_s.by_imm, d, by);
    }

    void mask(Register d, Register spare, uint64_t value) {
        if (is_wide && !emit::fits_store(ValType::I64, value)) {
            load(spare, value);
            out = encode::two(out, forms::i64_and.rr, spare, d);
        } else if (is_wide) {
            out = encode::shortest(out, forms::i64_and.ri8, forms::i64_and.ri32, d,
                                   static_cast<int32_t>(value));
        } else {
            out = encode::shortest(out, forms::i32_and.ri8, forms::i32_and.ri32, d,
                                   static_cast<int32_t>(value));
        }
    }
    void multiply(Register d, Register spare, uint64_t value) {
        const auto small = static_cast<int32_t>(value);
        if (!is_wide) {
            out = encode::shortest(out, forms::i32_mul.rri8, forms::i32_mul.rri32, d, d, small);
        } else if (emit::fits_store(ValType::I64, value)) {
            out = encode::shortest(out, forms::i64_mul.rri8, forms::i64_mul.rri32, d, d, small);
        } else {
            load(spare, value);
            out = encode::two(out, forms::i64_mul.rr, spare, d);
        }
    }
    void negate(Register d) { multiply(d, d, UINT64_MAX); }
    // -1 if it is negative, else 0.
    void spread_sign(Register d) { shift_signed(d, static_cast<uint8_t>(bits() - 1)); }

private:
    template <typename Form>
    void two(const Form& narrow, const Form& wide, Register s, Register d) {
        out = encode::two(out, is_wide ? wide : narrow, s, d);
    }
    template <typename Form>
    void shift(const Form& narrow, const Form& wide, Register d, uint8_t by) {
        if (by) out = encode::immediate(encode::one(out, is_wide ? wide : narrow, d), by);
    }
};

// ── powers of two: the dividend is where the result will be ──
void shift_quotient(Writer& w, uint8_t log) {
    if (!w.is_signed) return w.shift_unsigned(kResult, log);
    if (log == 0) return;
    // Towards zero: a negative dividend is rounded up.
    w.move(kResult, kDividend);
    if (log > 1) w.spread_sign(kDividend);
    w.shift_unsigned(kDividend, static_cast<uint8_t>(w.bits() - log));
    w.add(kDividend, kResult);
    w.shift_signed(kResult, log);
}

void mask_remainder(Writer& w, uint8_t log) {
    const uint64_t mask = (uint64_t{1} << log) - 1;
    if (log == 0) {
        w.out = emit::clear(w.out, ValueClass::Int, kResult);
    } else if (!w.is_signed) {
        w.mask(kResult, kDividend, mask);
    } else {
        w.move(kResult, kDividend);
        w.spread_sign(kDividend);
        w.shift_unsigned(kDividend, static_cast<uint8_t>(w.bits() - log));
        w.add(kDividend, kResult);
        w.mask(kResult, kHigh, mask);
        w.subtract(kDividend, kResult);
    }
}

void by_power(Writer& w, uint8_t log, bool wants_remainder, bool is_negative) {
    if (wants_remainder) return mask_remainder(w, log);
    shift_quotient(w, log);
    if (is_negative) w.negate(kResult);
}

// ── other divisors: the dividend is in kDividend, and what the compiler knows as an i32 has any upper half ──
// The quotient comes to kHigh.
void multiply_quotient(Writer& w, uint64_t divisor) {
    if (!w.is_wide && w.is_signed)
        w.out = encode::two(w.out, forms::i64_extend_i32_s.rr, kDividend, kDividend);
    else if (!w.is_wide)
        w.move(kDividend, kDividend);
    const Reciprocal by = !w.is_wide    ? reciprocal32(static_cast<uint32_t>(divisor))
                          : w.is_signed ? signed_reciprocal64(divisor)
                                        : unsigned_reciprocal64(divisor);
    w.load(kResult, by.multiplier);
    w.out = encode::one(w.out, w.is_signed ? forms::multiply_high_s : forms::multiply_high_u, kDividend);
    if (!w.is_signed) {
        if (by.adds) {
            w.move(kDividend, kResult);
            w.subtract(kHigh, kResult);
            w.shift_unsigned(kResult, 1);
            w.add(kResult, kHigh);
        }
        return w.shift_unsigned(kHigh, by.shift);
    }
    if (by.adds) w.add(kDividend, kHigh);
    w.shift_signed(kHigh, by.shift);
    // Towards zero: 1 more if the quotient, or before any shift the dividend, is negative.
    w.move(kDividend, kResult);
    w.shift_unsigned(kResult, static_cast<uint8_t>(w.bits() - 1));
    w.add(kResult, kHigh);
}

void by_other(Writer& w, uint64_t divisor, bool wants_remainder, bool is_negative) {
    multiply_quotient(w, divisor);
    if (wants_remainder) {
        w.multiply(kHigh, kResult, divisor);
        w.move(kDividend, kResult);
        w.subtract(kHigh, kResult);
    } else {
        w.move(kHigh, kResult);
        if (is_negative) w.negate(kResult);
    }
}

bool suits(const Operand& divisor, bool is_signed, bool wants_remainder) {
    const bool is_wide = divisor.type == ValType::I64;
    const uint64_t bits = divisor.bits, top = uint64_t{1} << (is_wide ? 63 : 31);
    const uint64_t minus_one = is_wide ? UINT64_MAX : UINT32_MAX;
    if (divisor.kind != Kind::Constant || bits == 0) return false;
    // The least number has no absolute value; -1 overflows.
    return !is_signed || (bits != top && (bits != minus_one || wants_remainder));
}

}  // namespace

bool divide_by_constant(FunctionCompiler& c, const Fixed& division) {
    const bool is_signed = division.division == Division::Signed || division.division == Division::Remainder;
    const bool wants_remainder = division.division >= Division::Remainder;
    const Operand divisor = c.state.top[-1];
    if (!suits(divisor, is_signed, wants_remainder) || c.is_off(Switch::Immediates)) return false;
    const ValType type = division.result;
    c.pop(type);
    const Operand dividend = c.pop(type);
    c.spill_temporaries(c.state.top, bit(kResult) | bit(kDividend) | bit(kHigh));

    const bool is_wide = type == ValType::I64;
    const int64_t value = is_wide ? static_cast<int64_t>(divisor.bits) : static_cast<int32_t>(divisor.bits);
    const bool is_negative = is_signed && value < 0;
    const uint64_t size = is_negative ? static_cast<uint64_t>(-value) : divisor.bits;
    const bool is_power = std::has_single_bit(size);
    c.move_to_register(is_power ? kResult : kDividend, dividend);
    Writer w{c.state.out, is_wide, is_signed};
    if (is_power)
        by_power(w, static_cast<uint8_t>(std::countr_zero(size)), wants_remainder, is_negative);
    else
        by_other(w, size, wants_remainder, is_negative);
    c.state.out = w.out;
    c.recount_free();
    c.push_register(type, kResult);
    return true;
}

}  // namespace linocut
