// The code around a body, except for where parameters go.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

// Determines how large the frame of a function is, once its body is complete.
void lay_out_frame(const FunctionCompiler& c, FunctionCode& code);

// Ends in a jump, which is taken when the stack does not suffice for the frame.
uint8_t* check_stack(uint8_t* out, const FunctionCode& code);
// Saves the pins that are in use and makes the frame.
uint8_t* enter_frame(uint8_t* out, const FunctionCompiler& c, const FunctionCode& code);
// Gives a pin the float; changes the scratch register and the flags.
uint8_t* load_float(uint8_t* out, ValType type, Register d, uint64_t bits);
// Undoes all of it and returns.
uint8_t* leave_frame(uint8_t* out, const FunctionCompiler& c, const FunctionCode& code);

}  // namespace linocut
