// Division and remainder by a constant: shifts or a multiplication instead of the divide instruction and its checks.
#pragma once

#include "jit/fixed.hpp"
#include "jit/function_compiler.hpp"

namespace linocut {

// Does what the opcode does if its divisor is a constant that suits. Else false, and nothing has happened.
bool divide_by_constant(FunctionCompiler& c, const Fixed& division);

}  // namespace linocut
