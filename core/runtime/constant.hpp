// Evaluates constant expressions (§3.3.11).
#pragma once

#include <cstdint>

#include "wasm/const_expr.hpp"

namespace linocut {

class Instance;

// The value's bits; the expression is not empty.
uint64_t evaluate_constant(const ConstExpr& expression, const Instance& instance);

}  // namespace linocut
