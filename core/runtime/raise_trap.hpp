// Traps on the runtime's side.
#pragma once

#include <cstdint>

#include "runtime/exit.hpp"
#include "runtime/thread.hpp"
#include "runtime/trap.hpp"

namespace linocut {

// Remembers the trap with the thread; `rsp` as for walk_stack, or 0 for none of machine code's frames.
// Returns Exit::Trap.
Exit raise_trap(Thread& thread, TrapKind kind, uint64_t rsp = 0, bool has_frame = true) noexcept;

}  // namespace linocut
