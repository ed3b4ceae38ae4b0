// Why a computation stopped (§4.2.1), and where it was.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "context.h"
#include "wasm/trap_kind.hpp"

namespace linocut {

static_assert(TRAP_KINDS >= LC_TRAP_STUBS, "what has a stub is a trap; others are found by helpers");

inline const char* name_of(TrapKind trap) { return TRAP_NAMES[static_cast<size_t>(trap)]; }
inline const char* message_of(TrapKind trap) { return TRAP_MESSAGES[static_cast<size_t>(trap)]; }

// A place in code, before anybody asked which opcode it came from.
struct CodeFrame {
    std::shared_ptr<const void> owner;  // the LoadedModule
    uint32_t defined;                   // index among its defined functions
    // The offset of a byte of the instruction at work, from the code's base; in interpreted code, the number
    // of the instruction in its function.
    uint32_t code_offset;
};

struct TrapRecord {
    TrapKind kind{};
    std::vector<CodeFrame> frames;  // innermost first, at most kMaxFrames
    bool truncated = false;         // there were more, or no memory for them
};

// A runaway recursion has a million frames; nobody reads more than these.
inline constexpr size_t kMaxFrames = 256;

}  // namespace linocut
