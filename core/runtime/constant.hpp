// Evaluates constant expressions (§3.3.11).
#pragma once

#include <cstdint>

#include "wasm/const_expr.hpp"
#include "wasm/value_class.hpp"

namespace linocut {

class Instance;

// The value; the expression is not empty.
Wide evaluate_constant(const ConstExpr& expression, const Instance& instance);
// Of a type of one word.
inline uint64_t evaluate_word(const ConstExpr& expression, const Instance& instance) {
    return evaluate_constant(expression, instance).words[0];
}

}  // namespace linocut
