// A label's values, and how they get there: one result of a block travels in the result register, anything else
// (several, or a loop's parameters) in the slots of the heights at which they will stand.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

inline bool travels_in_register(const Control& control) {
    return control.kind != ControlKind::Loop && control.results.size == 1;
}

// Are the top operands of these types?
void check_values(const FunctionCompiler& c, TypeSpan types);

// The number of values below those of the frame, which is open: its label's values begin at that height.
size_t height_of(const FunctionCompiler& c, const Control& control);

// Copies the top operands, of these types, to the slots from `height` up; what the stack says of them stays true.
void copy_to_slots(FunctionCompiler& c, TypeSpan types, size_t height);
// The same, to the slots of the label of a frame that is open.
void copy_to_label(FunctionCompiler& c, const Control& control);

// Many values go to their slots before a branch that may not be taken: what follows, perhaps the next such
// branch, finds them there. The flags stay.
void settle_many_values(FunctionCompiler& c, TypeSpan types);

// Moves the top operand into the result register, where it then is on both ways of a branch.
void hold_in_result_register(FunctionCompiler& c);

// Moves the top operands to where the label wants them.
void place_label_values(FunctionCompiler& c, const Control& control);

void jump_to_label(FunctionCompiler& c, Control& control);

void discard_to_base(FunctionCompiler& c);

// After an unconditional branch: validates what cannot be reached, up to the block's else or end.
void leave_block(FunctionCompiler& c);

}  // namespace linocut
