// What the stubs (stubs_x86_64.S) read and write while machine code runs.
//
// The way to it from machine code: r13 → LcContext::store → StoreHead → ThreadHead → Activation.
// One activation lies on the C stack for each entry from C++ into machine code. They are linked,
// because host → wasm → host → wasm nests; a host call restores its own activation when it comes
// back, because greenlets interleave them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace linocut {

struct Activation {
    Activation* previous;
    uint64_t entry_rsp;  // the exit stub continues here
    uint64_t leave_rsp;  // during a host call: where its return address is; 0 during a safepoint
};

struct ThreadHead {
    Activation* activation = nullptr;  // the innermost one of the running C stack
};

struct StoreHead {
    ThreadHead* running = nullptr;  // the thread that owns the store; valid while machine code runs in it
};

static_assert(offsetof(Activation, entry_rsp) == 8, "stubs_x86_64.S");

}  // namespace linocut
