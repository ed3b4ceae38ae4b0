// An interrupted thread's registers, as a signal handler is given them, and the running one's stack pointer.
#pragma once

#include <cstdint>

#include <ucontext.h>

#include "wasm/trap_kind.hpp"

namespace linocut {

class MachineState {
public:
    // `context` is the third argument of a signal handler.
    explicit MachineState(void* context) : registers_(static_cast<ucontext_t*>(context)->uc_mcontext) {}

    uintptr_t pc() const { return registers_.pc; }
    uint64_t sp() const { return registers_.sp; }

    // There is no machine code of ours before there is a compiler, so nobody calls these.
    [[noreturn]] void redirect(void*, uintptr_t) { __builtin_trap(); }
    [[noreturn]] TrapKind divide_trap() const { __builtin_trap(); }

private:
    mcontext_t& registers_;
};

// The caller's stack pointer: nothing below it is in use.
[[gnu::always_inline]] inline uint64_t stack_pointer() {
    uint64_t sp;
    asm volatile("mov %0, sp" : "=r"(sp));
    return sp;
}

}  // namespace linocut
