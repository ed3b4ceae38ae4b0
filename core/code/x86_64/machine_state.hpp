// An interrupted thread's registers, as a signal handler is given them, and the running one's stack pointer.
#pragma once

#include <cstdint>

#include <ucontext.h>

#include "wasm/trap_kind.hpp"

namespace linocut {

class MachineState {
public:
    // `context` is the third argument of a signal handler.
    explicit MachineState(void* context) : registers_(static_cast<ucontext_t*>(context)->uc_mcontext.gregs) {}

    uintptr_t pc() const { return static_cast<uintptr_t>(registers_[REG_RIP]); }
    uint64_t sp() const { return static_cast<uint64_t>(registers_[REG_RSP]); }

    // Machine code continues in a stub as if it had called it.
    void redirect(void* stub, uintptr_t return_address) {
        registers_[REG_RSP] -= 8;
        *reinterpret_cast<uintptr_t*>(registers_[REG_RSP]) = return_address;
        registers_[REG_RIP] = reinterpret_cast<greg_t>(stub);
    }

    // Why the division at the pc failed. Machine code divides by a register only: [REX] F7 ModRM. Either the
    // divisor is zero, or the quotient has no room.
    TrapKind divide_trap() const {
        constexpr int kRegisters[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                      REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
        const auto* code = reinterpret_cast<const uint8_t*>(pc());
        const unsigned rex = (*code & 0xF0) == 0x40 ? *code++ : 0;
        const unsigned number = (code[1] & 7) | (rex & 1) << 3;
        const auto divisor = static_cast<uint64_t>(registers_[kRegisters[number]]);
        const bool is_wide = rex & 8;
        const bool is_zero = (is_wide ? divisor : static_cast<uint32_t>(divisor)) == 0;
        return is_zero ? TrapKind::IntegerDivideByZero : TrapKind::IntegerOverflow;
    }

private:
    greg_t* registers_;
};

// The caller's stack pointer: nothing below it is in use.
[[gnu::always_inline]] inline uint64_t stack_pointer() {
    uint64_t sp;
    asm volatile("mov %%rsp, %0" : "=r"(sp));
    return sp;
}

}  // namespace linocut
