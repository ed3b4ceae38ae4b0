// What comes before an atomic access: its address checked, and as a pointer.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

// Traps unless the sum is a multiple of 1 << bytes_log2. The operand may become one that is in a register.
void check_alignment(FunctionCompiler& c, Operand& address, uint64_t offset, unsigned bytes_log2);

// The address in a register: that of its operand, if it has one.
Register point_at(FunctionCompiler& c, const Address& address);

}  // namespace linocut
