// The forms and stencils of the table's rows, and the few that serve other purposes as well. Only files that use some
// include this: they are compiled again when a row changes.
#pragma once

#include "jit/arch/encode.hpp"
#include "wasm/value_class.hpp"

namespace linocut {

#include "stencils.inc"

namespace emit {

// ── comparisons: these set the flags ──
// Whether the register is zero.
[[gnu::always_inline]] inline uint8_t* test(uint8_t* out, ValType type, Register reg) {
    const auto& form = width_of(type) == 4 ? forms::i32_eq.test : forms::i64_eq.test;
    return encode::two(out, form, reg, reg);
}

inline uint8_t* compare_constant(uint8_t* out, Register reg, int32_t value) {
    return encode::shortest(out, forms::i32_eq.ri8, forms::i32_eq.ri32, reg, value);
}

}  // namespace emit
}  // namespace linocut
