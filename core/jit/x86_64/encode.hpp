// Copies forms and fills their holes. Every function takes and returns the output position. Only this folder names
// forms: all else says what it wants by emit.hpp.
#pragma once

#include <cstdint>
#include <cstring>

#include "jit/arch/registers.hpp"
#include "jit/arch/shapes.hpp"
#include "jit/fixed.hpp"

namespace linocut {

#include "forms.inc"

namespace encode {

template <typename T>
[[gnu::always_inline]] inline void store(uint8_t* at, T value) {
    std::memcpy(at, &value, sizeof value);
}

template <unsigned N, bool D, bool V>
[[gnu::always_inline]] inline uint64_t field(const Form<N, D, V>& form, unsigned operand, Register reg) {
    return REGISTER_MASKS[form.masks[operand]][reg & 15];
}

// The prefix and the head, without its REX slot when that is empty.
template <unsigned N, bool D>
[[gnu::always_inline]] inline uint8_t* head(uint8_t* out, const Form<N, D, false>& form, uint64_t bits) {
    if (form.prefix) *out++ = form.prefix;
    const unsigned no_rex = (bits & 0xFF) == 0;
    store(out, bits >> (8 * no_rex));
    return out + form.length - no_rex;
}

// A VEX prefix of three bytes, or of two where those say that W is 0, the opcode's map is 0F and neither of two registers
// is beyond the eighth.
template <unsigned N, bool D>
[[gnu::always_inline]] inline uint8_t* head(uint8_t* out, const Form<N, D, true>& form, uint64_t bits) {
    const bool is_short = (bits & 0x807FFF) == 0x0061C4;
    if (is_short) bits = 0xC5 | (bits & 0x8000) | (bits >> 8 & 0x7F00) | bits >> 24 << 16;
    store(out, bits);
    return out + form.length - is_short;
}

template <bool V>
[[gnu::always_inline]] inline uint8_t* one(uint8_t* out, const Form<1, false, V>& form, Register a) {
    return head(out, form, form.head | field(form, 0, a));
}

template <bool V>
[[gnu::always_inline]] inline uint8_t* two(uint8_t* out, const Form<2, false, V>& form, Register a,
                                           Register b) {
    return head(out, form, form.head | field(form, 0, a) | field(form, 1, b));
}

template <bool V>
[[gnu::always_inline]] inline uint8_t* three(uint8_t* out, const Form<3, false, V>& form, Register a,
                                             Register b, Register c) {
    return head(out, form, form.head | field(form, 0, a) | field(form, 1, b) | field(form, 2, c));
}

// The head of a memory form, then the shortest displacement.
template <unsigned N, bool V>
[[gnu::always_inline]] inline uint8_t* displaced(uint8_t* out, const Form<N, true, V>& form, uint64_t bits,
                                                 int32_t displacement) {
    if (form.can_omit && displacement == 0) return head(out, form, bits & ~(0x80ull << (8 * form.modrm)));
    if (displacement == static_cast<int8_t>(displacement)) {
        out = head(out, form, bits ^ (0xC0ull << (8 * form.modrm)));
        *out = static_cast<uint8_t>(displacement);
        return out + 1;
    }
    out = head(out, form, bits);
    store(out, displacement);
    return out + 4;
}

template <bool V>
[[gnu::always_inline]] inline uint8_t* at(uint8_t* out, const Form<0, true, V>& form, int32_t displacement) {
    return displaced(out, form, form.head, displacement);
}

template <bool V>
[[gnu::always_inline]] inline uint8_t* at(uint8_t* out, const Form<1, true, V>& form, Register a,
                                          int32_t displacement) {
    return displaced(out, form, form.head | field(form, 0, a), displacement);
}

template <bool V>
[[gnu::always_inline]] inline uint8_t* at(uint8_t* out, const Form<2, true, V>& form, Register a, Register b,
                                          int32_t displacement) {
    return displaced(out, form, form.head | field(form, 0, a) | field(form, 1, b), displacement);
}

template <bool V>
[[gnu::always_inline]] inline uint8_t* at(uint8_t* out, const Form<3, true, V>& form, Register a, Register b,
                                          Register c, int32_t displacement) {
    return displaced(out, form, form.head | field(form, 0, a) | field(form, 1, b) | field(form, 2, c),
                     displacement);
}

// The displacement, always of four bytes, is left to the caller.
template <bool V>
[[gnu::always_inline]] inline uint8_t* without_displacement(uint8_t* out, const Form<1, true, V>& form,
                                                            Register a) {
    return head(out, form, form.head | field(form, 0, a)) + 4;
}
template <bool V>
[[gnu::always_inline]] inline uint8_t* without_displacement(uint8_t* out, const Form<2, true, V>& form,
                                                            Register a, Register b) {
    return head(out, form, form.head | field(form, 0, a) | field(form, 1, b)) + 4;
}

template <typename T>
[[gnu::always_inline]] inline uint8_t* immediate(uint8_t* out, T value) {
    store(out, value);
    return out + sizeof value;
}

// The form with an immediate of one or of four bytes, whichever is shorter.
template <unsigned N>
[[gnu::always_inline]] inline uint8_t* shortest(uint8_t* out, const Form<N, false>& imm8,
                                                const Form<N, false>& imm32, uint64_t bits8, uint64_t bits32,
                                                int32_t value) {
    if (value == static_cast<int8_t>(value)) {
        return immediate(head(out, imm8, imm8.head | bits8), static_cast<int8_t>(value));
    }
    return immediate(head(out, imm32, imm32.head | bits32), value);
}

[[gnu::always_inline]] inline uint8_t* shortest(uint8_t* out, const Form<0, false>& imm8,
                                                const Form<0, false>& imm32, int32_t value) {
    return shortest(out, imm8, imm32, 0, 0, value);
}

[[gnu::always_inline]] inline uint8_t* shortest(uint8_t* out, const Form<1, false>& imm8,
                                                const Form<1, false>& imm32, Register a, int32_t value) {
    return shortest(out, imm8, imm32, field(imm8, 0, a), field(imm32, 0, a), value);
}

[[gnu::always_inline]] inline uint8_t* shortest(uint8_t* out, const Form<2, false>& imm8,
                                                const Form<2, false>& imm32, Register a, Register b,
                                                int32_t value) {
    return shortest(out, imm8, imm32, field(imm8, 0, a) | field(imm8, 1, b),
                    field(imm32, 0, a) | field(imm32, 1, b), value);
}

// ── what has no form ──
constexpr uint8_t kJump = 0xE9;
constexpr uint8_t kCall = 0xE8;
constexpr uint8_t kReturn = 0xC3;
constexpr uint8_t kBreakpoint = 0xCC;
constexpr uint16_t kJumpIf = 0x800F;  // the condition is in its second byte

[[gnu::always_inline]] inline uint8_t* set_condition(uint8_t* out, Condition condition, Register d) {
    const auto& form = forms::set_condition;
    const uint64_t sete = form.head | field(form, 0, d);
    const uint64_t change = static_cast<uint64_t>(condition) ^ static_cast<uint64_t>(Condition::Equal);
    return head(out, form, sete ^ change << (8 * (form.length - 2)));
}

// cmov, 32 or 64 bits.
[[gnu::always_inline]] inline uint8_t* move_if(uint8_t* out, const Form<2, false>& form, Condition condition,
                                               Register s, Register d) {
    const uint64_t cmove = form.head | field(form, 0, s) | field(form, 1, d);
    const uint64_t change = static_cast<uint64_t>(condition) ^ static_cast<uint64_t>(Condition::Equal);
    return head(out, form, cmove ^ change << (8 * (form.length - 2)));
}

}  // namespace encode
}  // namespace linocut
