// An exception that passes through WebAssembly says through which functions, in a note (PEP 678).
#pragma once

#include "runtime/trap.hpp"

namespace linocut::bind {

// To the exception that is pending.
void note_frames(const TrapRecord& record);

}  // namespace linocut::bind
