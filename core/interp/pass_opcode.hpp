// Passes over an opcode whose meaning does not matter, in code that cannot be reached.
#pragma once

#include "base/leb128.hpp"
#include "wasm/opcode.hpp"

namespace linocut::interp {

// The opcode and its immediates must be valid.
const OpcodeFacts& pass_opcode(Reader& in);

}  // namespace linocut::interp
