// What machine code asks of the processor.
#pragma once

namespace linocut {

// The first instruction set that is missing, or null.
const char* missing_instruction_set();

// Whether it has what some opcodes have better code for. The environment's LINOCUT_BASELINE says no, to try the other.
bool has_better_instructions();

}  // namespace linocut
