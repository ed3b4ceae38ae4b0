// The address of an access to memory 0, checked where no guard region does that.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

// Of a popped operand, whose register stays taken until it is released. Traps unless so many bytes are there.
Address resolve(FunctionCompiler& c, Operand address, uint64_t offset, unsigned bytes);

// The same for an offset of a 64-bit memory that an instruction has no room for: the sum as an operand.
Operand add_offset(FunctionCompiler& c, Operand address, uint64_t offset, unsigned bytes);

}  // namespace linocut
