// What the stubs (PROCESSOR/stubs.S) and the interpreter read and write while code runs.
//
// The way to it from machine code: context register → LcContext::store → StoreHead → ThreadHead → Activation.
// One activation lies on the C stack for each entry from C++ into machine code. They are linked,
// because host → wasm → host → wasm nests; a host call restores its own activation when it comes
// back, because greenlets interleave them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace linocut {

struct Instruction;
struct InterpretedFunction;

// A function that the interpreter is in. It lies on the C stack, as an activation does.
struct InterpretedFrame {
    InterpretedFrame* caller;  // null: not called by the interpreter
    const InterpretedFunction* function;
    uint8_t* context;       // its end
    const Instruction* at;  // at work, whenever something other than the interpreter runs
};

struct Activation {
    Activation* previous;
    uint64_t entry_sp;  // the exit stub continues here
    // While its machine code has been left for C++ (the host or the interpreter):
    uint64_t leave_sp;                    // where machine code's return address is; 0 during a safepoint
    const InterpretedFrame* interpreted;  // the innermost one that runs on top of it, or null

    void leave(uint64_t sp, const InterpretedFrame* frame) {
        leave_sp = sp;
        interpreted = frame;
    }
};

struct ThreadHead {
    Activation* activation = nullptr;  // the innermost one of the running C stack
    std::atomic<bool> pending{false};  // go to a safepoint at the next chance
};

struct StoreHead {
    ThreadHead* running = nullptr;  // the thread that owns the store; valid while machine code runs in it
};

static_assert(offsetof(Activation, entry_sp) == 8, "PROCESSOR/stubs.S");

}  // namespace linocut
