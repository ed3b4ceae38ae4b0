// Shapes: what groups an opcode's forms, by how its operands may arrive, with the facts that its visitor asks.
#pragma once

#include <cstdint>

#include "jit/arch/condition.hpp"
#include "jit/arch/form.hpp"
#include "wasm/types.hpp"

namespace linocut {

enum class BinaryKind : uint8_t { Other, Add, Subtract, And, Multiply };

// SHAPE_STRUCTS of stencilgen/targets/x86_64/shapes.py.
#include "shapes.inc"

}  // namespace linocut
