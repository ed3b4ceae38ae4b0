// A label's values, and how they get there: one result of a block travels in the result register, anything else
// (several, or a loop's parameters) in the slots of the positions where they will stand.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

inline Register result_register(ValType type) { return is_float(type) ? FLOAT_RESULT : INT_RESULT; }

inline bool travels_in_register(const Control& control) {
    return control.kind != ControlKind::Loop && control.results.size == 1;
}

// Are the top operands of these types?
void check_values(FunctionCompiler& c, TypeSpan types);

// Copies the top operands to the label's slots; what the stack says of them stays true.
void copy_to_slots(FunctionCompiler& c, const Control& control);

// The top operand into the result register, where it then is for both ways of a branch.
void hold_in_result_register(FunctionCompiler& c);

// The top operands to where the label wants them.
void place_label_values(FunctionCompiler& c, const Control& control);

void jump_to_label(FunctionCompiler& c, Control& control);

void discard_to_base(FunctionCompiler& c);

// After an unconditional branch: validates what cannot be reached, up to the block's else or end.
void leave_block(FunctionCompiler& c);

}  // namespace linocut
