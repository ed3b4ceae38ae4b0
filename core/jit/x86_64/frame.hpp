// The code around a body, but for where parameters go.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

// How large the frame is, of a function whose body is complete.
void lay_out_frame(const FunctionCompiler& c, FunctionCode& code);

// The condition of the jump that it ends in: the stack does not suffice for the frame.
uint8_t* check_stack(uint8_t* out, const FunctionCode& code);
// Saves the pins that are in use and makes the frame.
uint8_t* enter_frame(uint8_t* out, const FunctionCompiler& c, const FunctionCode& code);
// Takes that back and returns.
uint8_t* leave_frame(uint8_t* out, const FunctionCompiler& c, const FunctionCode& code);

}  // namespace linocut
