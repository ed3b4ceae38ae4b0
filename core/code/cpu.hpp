// What machine code asks of the processor.
#pragma once

namespace linocut {

// The first instruction set that is missing, or null.
const char* missing_instruction_set();

}  // namespace linocut
