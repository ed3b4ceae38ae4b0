// An exception that passes through WebAssembly says through which functions, in a note (PEP 678).
#pragma once

#include "runtime/trap.hpp"

namespace linocut::bind {

// Adds the note to the pending exception.
void note_frames(const TrapRecord& record);

}  // namespace linocut::bind
