// The instructions that the shared compiler asks for by what they do. Every function takes and returns the output
// position. None changes the flags unless it says so.
#pragma once

#include <algorithm>
#include <cstdint>

#include "context.h"
#include "jit/arch/encode.hpp"
#include "wasm/trap_kind.hpp"

namespace linocut {

// A place that refers to another one by its distance: of a jump, a call, a literal, an entry of a jump table. While
// the target is not known, the place links to another site that waits for the same one.
class Site {
public:
    constexpr Site() = default;
    constexpr explicit Site(uint8_t* field) : field_(field) {}
    explicit operator bool() const { return field_ != nullptr; }
    uint8_t* field() const { return field_; }

    [[gnu::always_inline]] void lead_to(const uint8_t* target) const {
        encode::store(field_, static_cast<int32_t>(target - (field_ + kBytes)));
    }
    // Where it has been led.
    const uint8_t* target() const {
        int32_t distance;
        std::memcpy(&distance, field_, sizeof distance);
        return field_ + kBytes + distance;
    }
    // Another site, or none.
    [[gnu::always_inline]] void set_next(Site next) const {
        encode::store(field_, next ? static_cast<int32_t>(field_ - next.field_) : 0);
    }
    [[gnu::always_inline]] Site next() const {
        int32_t distance;
        std::memcpy(&distance, field_, sizeof distance);
        return distance ? Site(field_ - distance) : Site();
    }

    static constexpr unsigned kBytes = 4;

private:
    uint8_t* field_ = nullptr;
};

namespace emit {

// Bytes that an emission may write beyond what it keeps: forms are stored in whole words.
constexpr unsigned kSlack = 16;
// Jumps and offsets have 32 bits.
constexpr size_t kMostCode = INT32_MAX;

// The site of the instruction that ends here.
inline Site site_before(uint8_t* out) { return Site(out - Site::kBytes); }

// ── jumps and calls: where they lead is left to their site ──
[[gnu::always_inline]] inline uint8_t* jump(uint8_t* out) {
    *out = encode::kJump;
    return out + 1 + Site::kBytes;
}

[[gnu::always_inline]] inline uint8_t* jump_if(uint8_t* out, Condition condition) {
    encode::store(out, static_cast<uint16_t>(encode::kJumpIf | static_cast<uint16_t>(condition) << 8));
    return out + 2 + Site::kBytes;
}

[[gnu::always_inline]] inline uint8_t* call(uint8_t* out) {
    *out = encode::kCall;
    return out + 1 + Site::kBytes;
}

// Calls a stub, by its word in the context.
[[gnu::always_inline]] inline uint8_t* call_context(uint8_t* out, int32_t offset) {
    return encode::at(out, forms::call_context, offset);
}

[[gnu::always_inline]] inline uint8_t* call_trap(uint8_t* out, TrapKind kind) {
    return call_context(out, LC_TRAP_OFFSET(static_cast<int32_t>(kind)));
}

// Fills up to `end` what is never reached: whoever does get there stops.
inline uint8_t* fill(uint8_t* out, uint8_t* end) { return std::fill(out, end, encode::kBreakpoint), end; }

// ── between registers ──
[[gnu::always_inline]] inline uint8_t* move(uint8_t* out, ValType type, Register s, Register d) {
    if (class_of(type) == ValueClass::Vector) return encode::two(out, forms::move_vector, s, d);
    return width_of(type) == 4 ? encode::two(out, forms::move32, s, d)
                               : encode::two(out, forms::move64, s, d);
}

constexpr bool can_exchange(ValueClass value_class) { return value_class == ValueClass::Int; }
inline uint8_t* exchange(uint8_t* out, Register a, Register b) {
    return encode::two(out, forms::exchange, a, b);
}

// ── between registers and memory: each form is a constant where it is emitted, which is a third of the instructions ──
// of one that is chosen first ──
template <const auto& Int32, const auto& Int64, const auto& Vector32, const auto& Vector64,
          const auto& Vector128>
[[gnu::always_inline]] inline uint8_t* by_type(uint8_t* out, ValType type, Register reg,
                                               int32_t displacement) {
    const bool is_narrow = width_of(type) == 4;
    if (class_of(type) == ValueClass::Vector) {
        if (width_of(type) == 16) return encode::at(out, Vector128, reg, displacement);
        return is_narrow ? encode::at(out, Vector32, reg, displacement)
                         : encode::at(out, Vector64, reg, displacement);
    }
    return is_narrow ? encode::at(out, Int32, reg, displacement) : encode::at(out, Int64, reg, displacement);
}

[[gnu::always_inline]] inline uint8_t* load_frame(uint8_t* out, ValType type, Register d, int32_t at) {
    return by_type<forms::load_frame_32, forms::load_frame_64, forms::load_frame_f32, forms::load_frame_f64,
                   forms::load_frame_v128>(out, type, d, at);
}

[[gnu::always_inline]] inline uint8_t* store_frame(uint8_t* out, ValType type, Register s, int32_t at) {
    return by_type<forms::store_frame_32, forms::store_frame_64, forms::store_frame_f32,
                   forms::store_frame_f64, forms::store_frame_v128>(out, type, s, at);
}

[[gnu::always_inline]] inline uint8_t* load_context(uint8_t* out, ValType type, Register d, int32_t at) {
    return by_type<forms::load_context_32, forms::load_context_64, forms::load_context_f32,
                   forms::load_context_f64, forms::load_context_v128>(out, type, d, at);
}

[[gnu::always_inline]] inline uint8_t* store_context(uint8_t* out, ValType type, Register s, int32_t at) {
    return by_type<forms::store_context_32, forms::store_context_64, forms::store_context_f32,
                   forms::store_context_f64, forms::store_context_v128>(out, type, s, at);
}

// Loads from where the scratch register points.
[[gnu::always_inline]] inline uint8_t* load_scratch(uint8_t* out, ValType type, Register d, int32_t at) {
    return by_type<forms::load_scratch_32, forms::load_scratch_64, forms::load_scratch_f32,
                   forms::load_scratch_f64, forms::load_scratch_v128>(out, type, d, at);
}

[[gnu::always_inline]] inline uint8_t* store_scratch(uint8_t* out, ValType type, Register s, int32_t at) {
    return by_type<forms::store_scratch_32, forms::store_scratch_64, forms::store_scratch_f32,
                   forms::store_scratch_f64, forms::store_scratch_v128>(out, type, s, at);
}

// Loads a whole word of the context, which is a pointer, into the scratch register.
[[gnu::always_inline]] inline uint8_t* load_pointer(uint8_t* out, int32_t offset) {
    return encode::at(out, forms::load_context_64, kScratch, offset);
}

// The address of a place in the context.
inline uint8_t* context_address(uint8_t* out, Register d, int32_t offset) {
    return encode::at(out, forms::address_context, d, offset);
}

// ── constants ──
// For class Int it changes the flags.
[[gnu::always_inline]] inline uint8_t* clear(uint8_t* out, ValueClass value_class, Register d) {
    return value_class == ValueClass::Vector ? encode::one(out, forms::zero_vector, d)
                                             : encode::one(out, forms::zero_int, d);
}

// Of class Vector.
inline uint8_t* set_all_bits(uint8_t* out, Register d) { return encode::one(out, forms::all_ones, d); }

// Of class Int; the shortest, which may change the flags.
[[gnu::always_inline]] inline uint8_t* constant(uint8_t* out, ValType type, Register d, uint64_t bits) {
    if (bits == 0) return encode::one(out, forms::zero_int, d);
    if (width_of(type) == 4 || bits == static_cast<uint32_t>(bits))
        return encode::immediate(encode::one(out, forms::constant32, d), static_cast<uint32_t>(bits));
    if (static_cast<int64_t>(bits) == static_cast<int32_t>(bits))
        return encode::immediate(encode::one(out, forms::constant32s, d), static_cast<int32_t>(bits));
    return encode::immediate(encode::one(out, forms::constant64, d), bits);
}

// For class Int.
inline uint8_t* constant_keeping_flags(uint8_t* out, Register d, uint64_t bits) {
    if (bits == static_cast<uint32_t>(bits))
        return encode::immediate(encode::one(out, forms::constant32, d), static_cast<uint32_t>(bits));
    return encode::immediate(encode::one(out, forms::constant64, d), bits);
}

// For class Vector, from behind the function: its site says where.
[[gnu::always_inline]] inline uint8_t* load_literal(uint8_t* out, ValType type, Register d) {
    if (width_of(type) == 16) return encode::without_displacement(out, forms::load_constant_v128, d);
    return width_of(type) == 4 ? encode::without_displacement(out, forms::load_constant_f32, d)
                               : encode::without_displacement(out, forms::load_constant_f64, d);
}

// Whether an instruction can store these bits of the type by itself.
constexpr bool fits_store(ValType type, uint64_t bits) {
    return width_of(type) == 4 || static_cast<int64_t>(bits) == static_cast<int32_t>(bits);
}

inline uint8_t* store_frame_constant(uint8_t* out, ValType type, uint64_t bits, int32_t at) {
    out = width_of(type) == 4 ? encode::at(out, forms::store_frame_imm32, at)
                              : encode::at(out, forms::store_frame_imm64, at);
    return encode::immediate(out, static_cast<int32_t>(bits));
}

// Stores a whole word to where the scratch register points.
inline uint8_t* store_scratch_constant(uint8_t* out, uint64_t bits, int32_t at) {
    return encode::immediate(encode::at(out, forms::store_scratch_imm64, at), static_cast<int32_t>(bits));
}

// Accesses before it come before those behind it, to all threads.
inline uint8_t* fence(uint8_t* out) { return encode::head(out, forms::fence, forms::fence.head); }

// ── conditions ──
// The condition becomes 0 or 1.
[[gnu::always_inline]] inline uint8_t* set_condition(uint8_t* out, Condition condition, Register d) {
    out = encode::set_condition(out, condition, d);
    return encode::one(out, forms::widen_byte, d);
}

}  // namespace emit
}  // namespace linocut
