// Leaving frames of machine code one by one: what functions have saved goes back to where it was.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "code/code.hpp"
#include "wasm/value_class.hpp"

namespace linocut {

// The registers at a call, of which only those that calls preserve mean anything; linocut_unwind (stubs.S) fills it in
// and goes on as it says.
struct UnwoundRegisters {
    uint64_t general[16];
    uint64_t pc;
    uint64_t unused;
    Wide vectors[16];

    uint64_t sp() const { return general[4]; }
    uint64_t context() const { return general[13]; }

    // Machine code goes on there, its stack pointer being this.
    void go_to(uint64_t target, uint64_t sp) {
        pc = target;
        general[4] = sp;
    }

    // The instance's that called through linocut_switch_context; `at`: where that returns to.
    void leave_switch(uint64_t at) {
        general[13] = word_at(at + 16);
        general[12] = word_at(at + 24);
    }

    // The frame's stack pointer is `sp`. The layout is that of core/jit/x86_64/frame.cpp.
    void leave_frame(const FunctionCode& function, uint64_t sp) {
        constexpr unsigned kFirstVector = 16;
        constexpr uint64_t kVectorBytes = sizeof(Wide);
        const auto saved_vectors = static_cast<uint32_t>(function.saved >> kFirstVector);
        const auto bytes = kVectorBytes * static_cast<unsigned>(std::popcount(saved_vectors));
        uint64_t at = sp + ((function.frame_bytes - bytes) & ~(kVectorBytes - 1));
        for (uint32_t set = saved_vectors; set; set &= set - 1, at += kVectorBytes)
            std::memcpy(&vectors[std::countr_zero(set)], reinterpret_cast<const void*>(at), kVectorBytes);
        at = sp + function.frame_bytes;
        for (auto left = static_cast<uint16_t>(function.saved); left; at += 8) {
            const int number = std::bit_width(left) - 1;
            general[number] = word_at(at);
            left = static_cast<uint16_t>(left ^ 1u << number);
        }
    }

private:
    static uint64_t word_at(uint64_t address) { return *reinterpret_cast<const uint64_t*>(address); }
};
static_assert(offsetof(UnwoundRegisters, pc) == 128 && offsetof(UnwoundRegisters, vectors) == 144 &&
                  sizeof(UnwoundRegisters) == 400,
              "stubs.S");

}  // namespace linocut
