// Traps on the runtime's side.
#pragma once

#include "runtime/exit.hpp"
#include "runtime/thread.hpp"
#include "runtime/trap.hpp"

namespace linocut {

// Remembers a trap that no code caused, so without frames. Returns Exit::Trap.
Exit raise_trap(Thread& thread, TrapKind kind) noexcept;

}  // namespace linocut
