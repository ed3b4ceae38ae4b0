// memory.copy and memory.fill of a few bytes, whose number is a constant: moved by registers instead of a helper. Compilers
// that count on bulk memory write every copy of a struct so.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

// The operands of the opcode are on top. False if it is for the helper, and then nothing has happened.
bool copy_few_bytes(FunctionCompiler& c);
bool fill_few_bytes(FunctionCompiler& c);

}  // namespace linocut
