// Why WebAssembly traps (§4.2.1), with the suite's words: from linocut_isa/types.py.
#pragma once

#include <cstdint>

namespace linocut {

// `enum class TrapKind`, TRAP_KINDS, and by kind TRAP_NAMES and TRAP_MESSAGES.
#include "traps.inc"

}  // namespace linocut
