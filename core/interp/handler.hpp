// What the interpreter's handlers are made of. A handler carries out one instruction and goes on to the
// next by calling it last. Where the compiler makes a jump of such a call, as an optimising one does
// (LINOCUT_TAIL_CALLS), each instruction ends in an indirect jump of its own, and what handlers pass on
// stays in registers. Elsewhere next() returns to a loop.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "code/interpreted_code.hpp"
#include "interp/run.hpp"
#include "wasm/trap_kind.hpp"
#include "wasm/value_class.hpp"

namespace linocut::interp {

#ifdef LINOCUT_TAIL_CALLS
inline constexpr bool kTailCalls = true;
#else
inline constexpr bool kTailCalls = false;
#endif

// Where execution goes on, for the loop in run_instructions(); null: the function is left.
using Step = const Instruction*;
using HandlerFunction = Step(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run);
static_assert(std::is_same_v<HandlerFunction*, Handler>);

[[gnu::always_inline]] inline Step next(const Instruction* at, uint64_t* frame, const LcMemory* memory,
                                        Run& run) {
    if constexpr (kTailCalls)
        return at->handler(at, frame, memory, run);
    else
        return at;
}

// A branch's target.
inline const Instruction* target(const Instruction* at) { return at + static_cast<int32_t>(at->result); }

// A slot holds a value's bits, zero-extended (but an f32 from elsewhere may have anything above them).
template <typename T>
T from_word(uint64_t word) {
    if constexpr (std::is_same_v<T, float>)
        return std::bit_cast<float>(static_cast<uint32_t>(word));
    else if constexpr (std::is_same_v<T, double>)
        return std::bit_cast<double>(word);
    else
        return static_cast<T>(word);
}

template <typename T>
uint64_t to_word(T value) {
    if constexpr (std::is_same_v<T, float>)
        return std::bit_cast<uint32_t>(value);
    else if constexpr (std::is_same_v<T, double>)
        return std::bit_cast<uint64_t>(value);
    else
        return value;
}

// A wide value's bits are those of two slots.
template <typename T>
inline constexpr uint32_t words_of_type = sizeof(T) <= kWordBytes ? 1 : kMostWords;

template <typename T>
T from_slot(const uint64_t* slot) {
    if constexpr (words_of_type<T> == 1) {
        return from_word<T>(*slot);
    } else {
        T value;
        std::memcpy(&value, slot, sizeof value);
        return value;
    }
}

template <typename T>
void to_slot(uint64_t* slot, T value) {
    if constexpr (words_of_type<T> == 1)
        *slot = to_word(value);
    else
        std::memcpy(slot, &value, sizeof value);
}

// The last steps of a function that traps, and what a branch backwards does when something waits: they are
// seldom taken. Were they parts of the handlers, these would save registers each time.
[[gnu::noinline]] Step trap(const Instruction* at, Run& run, TrapKind kind);
[[gnu::noinline]] Step go_to_safepoint(const Instruction* at, uint64_t* frame, const LcMemory* memory,
                                       Run& run);

// Takes a branch. Backward ones see to it that no loop runs for ever.
template <bool Backwards>
[[gnu::always_inline]] inline Step branch(const Instruction* at, uint64_t* frame, const LcMemory* memory,
                                          Run& run) {
    if (Backwards && run.must_pause()) [[unlikely]]
        return go_to_safepoint(at, frame, memory, run);
    return next(target(at), frame, memory, run);
}

}  // namespace linocut::interp
