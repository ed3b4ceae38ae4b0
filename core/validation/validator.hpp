// Is a body valid? Asked for whole modules, and by the compiler for code that it emits nothing for.
#pragma once

#include <span>

#include "validation/body_reader.hpp"
#include "validation/control_stack.hpp"

namespace linocut {

// Throws InvalidError, MalformedError or UnsupportedError for the first body that is not valid.
void validate_bodies(const Module& module);

// Validates code that cannot be reached, from where the reader is up to the else or end of the innermost of the
// `frames` around it; returns the position of that opcode. `values` are on the operand stack.
const uint8_t* check_dead_code(BodyReader& in, std::span<const Control> frames, size_t values);

}  // namespace linocut
