// Handlers of the rows of the opcode table: the row's own C (rows.inc), its operands fetched and its result
// stored or branched on.
#pragma once

#include <cstddef>
#include <limits>
#include <tuple>
#include <utility>

#include "interp/handler.hpp"
#include "stencil.h"

namespace linocut::interp {

#include "rows.inc"

// ── where operands come from ──
template <size_t I>
uint32_t slot_of_operand(const Instruction* at) {
    static_assert(I < 3);
    return I == 0 ? at->a : I == 1 ? at->b : at->c;
}

template <typename Params, bool LastIsImmediate, size_t I>
auto fetch_one(const Instruction* at, const uint64_t* frame) {
    using Param = std::tuple_element_t<I, Params>;
    constexpr bool is_last = I + 1 == std::tuple_size_v<Params>;
    if constexpr (is_last && LastIsImmediate)
        return from_word<Param>(at->immediate);
    else
        return from_slot<Param>(frame + slot_of_operand<I>(at));
}

template <typename Params, bool LastIsImmediate>
Params fetch(const Instruction* at, const uint64_t* frame) {
    return [&]<size_t... I>(std::index_sequence<I...>) {
        return Params{fetch_one<Params, LastIsImmediate, I>(at, frame)...};
    }(std::make_index_sequence<std::tuple_size_v<Params>>());
}

// ── computations ──
template <typename Row, bool LastIsImmediate>
Step compute(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    const auto operands = fetch<typename Row::Params, LastIsImmediate>(at, frame);
    if constexpr (Row::may_trap) {
        const unsigned reason = std::apply(Row::trap, operands);
        if (reason != TRAP_KINDS) [[unlikely]]
            return trap(at, run, static_cast<TrapKind>(reason));
    }
    to_slot(frame + at->result, std::apply(Row::apply, operands));
    return next(at + 1, frame, memory, run);
}

// In the deterministic profile, behind a row that may give a NaN: every NaN, of every lane, becomes the canonical one.
template <typename Nan, typename Result>
Step canonicalise(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    Nan lanes[sizeof(Result) / sizeof(Nan)];
    std::memcpy(lanes, frame + at->result, sizeof lanes);
    for (Nan& lane : lanes)
        if (lane != lane) lane = std::numeric_limits<Nan>::quiet_NaN();
    std::memcpy(frame + at->result, lanes, sizeof lanes);
    return next(at + 1, frame, memory, run);
}

// A row whose result the next opcode branches on: if the result is not zero, or (Unless) if it is.
template <typename Row, bool LastIsImmediate, bool Unless, bool Backwards>
Step compute_and_branch(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    const auto operands = fetch<typename Row::Params, LastIsImmediate>(at, frame);
    if ((std::apply(Row::apply, operands) != 0) != Unless) return branch<Backwards>(at, frame, memory, run);
    return next(at + 1, frame, memory, run);
}

// ── accesses ──
// The address is a slot plus an offset, or it is wholly in the instruction, in the offset's place.
template <bool IsAbsolute>
uint64_t address(const Instruction* at, const uint64_t* frame, uint32_t offset) {
    return IsAbsolute ? offset : frame[at->a] + offset;
}

// A sum of two 32-bit numbers and a few bytes does not overflow; nor what add_offset has left.
inline bool is_inside(const LcMemory* memory, uint64_t address, unsigned bytes) {
    return address + bytes <= memory->bytes;
}

template <typename Row, bool IsAbsolute>
Step load(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    const uint64_t from = address<IsAbsolute>(at, frame, at->c);
    if (!is_inside(memory, from, Row::bytes)) [[unlikely]]
        return trap(at, run, TrapKind::OutOfBoundsMemory);
    to_slot(frame + at->result, Row::apply(memory->base + from));
    return next(at + 1, frame, memory, run);
}

template <typename Row, bool IsAbsolute, bool IsImmediate>
Step store(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    const uint64_t to = address<IsAbsolute>(at, frame, IsImmediate ? at->result : at->c);
    if (!is_inside(memory, to, Row::bytes)) [[unlikely]]
        return trap(at, run, TrapKind::OutOfBoundsMemory);
    const auto value = fetch_one<typename Row::Params, IsImmediate, 1>(at, frame);
    Row::apply(memory->base + to, value);
    return next(at + 1, frame, memory, run);
}

// ── lanes ──
// The lane is in the place of a third operand.
template <typename Row>
Step compute_lane(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    const auto operands =
        std::tuple_cat(fetch<typename Row::Params, false>(at, frame), std::tuple<u32>(at->c));
    to_slot(frame + at->result, std::apply(Row::apply, operands));
    return next(at + 1, frame, memory, run);
}

// The address is in slot a, the vector behind it, and the lane in the place of the second operand.
template <typename Row>
Step access_lane(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    const uint64_t place = address<false>(at, frame, at->c);
    if (!is_inside(memory, place, Row::bytes)) [[unlikely]]
        return trap(at, run, TrapKind::OutOfBoundsMemory);
    const auto vector = from_slot<v128>(frame + at->a + 1);
    if constexpr (Row::is_load)
        to_slot(frame + at->result, Row::apply(memory->base + place, vector, at->b));
    else
        Row::apply(memory->base + place, vector, at->b);
    return next(at + 1, frame, memory, run);
}

// Of an atomic access: operands from slot a on, an offset; the result goes to slot a. Whether it is aligned is asked
// first, as where machine code leaves the bounds to guard regions.
template <typename Row>
Step access_atomically(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    uint64_t* const operands = frame + at->a;
    const uint64_t address = operands[0] + at->immediate;
    if (address % Row::bytes) [[unlikely]]
        return trap(at, run, TrapKind::UnalignedAtomic);
    if (!is_inside(memory, address, Row::bytes)) [[unlikely]]
        return trap(at, run, TrapKind::OutOfBoundsMemory);
    const auto apply = [&]<size_t... I>(std::index_sequence<I...>) {
        using Params = typename Row::Params;
        return Row::apply(memory->base + address,
                          from_word<std::tuple_element_t<I + 1, Params>>(operands[I + 1])...);
    };
    constexpr auto others = std::make_index_sequence<std::tuple_size_v<typename Row::Params> - 1>();
    if constexpr (std::is_void_v<decltype(apply(others))>)
        apply(others);
    else
        operands[0] = to_word(apply(others));
    return next(at + 1, frame, memory, run);
}

// ── what the translator chooses from ──
struct BranchHandlers {
    Handler forwards, backwards;  // taken when the result is not zero
    Handler unless;               // forwards, when it is
};

struct ComputationHandlers {
    unsigned params;
    uint32_t result_words;
    bool is_commutative;
    Handler slots;
    Handler immediate;     // the last operand; null unless there are two and it is one word
    Handler canonicalise;  // what comes behind it in the deterministic profile; null: its results are fixed
    bool can_branch;       // on its result, then:
    BranchHandlers branches[2];  // [is the last operand immediate]
};

// Indexed by whether the address is absolute.
struct LoadHandlers {
    uint32_t result_words;
    Handler slots[2];
};
struct StoreHandlers {
    Handler slots[2];
    Handler immediate[2];  // the value; null when it is wide
};

struct LaneHandlers {
    Handler slots;
    unsigned params;
    uint32_t result_words;
};
struct LaneAccessHandlers {
    Handler slots;
    bool is_load;
};

template <typename Row, bool LastIsImmediate>
constexpr BranchHandlers branch_handlers() {
    return {compute_and_branch<Row, LastIsImmediate, false, false>,
            compute_and_branch<Row, LastIsImmediate, false, true>,
            compute_and_branch<Row, LastIsImmediate, true, false>};
}

template <typename Row>
using result_of = decltype(std::apply(Row::apply, std::declval<typename Row::Params>()));

template <typename Row>
constexpr bool is_last_narrow() {
    constexpr size_t count = std::tuple_size_v<typename Row::Params>;
    return words_of_type<std::tuple_element_t<count - 1, typename Row::Params>> == 1;
}

template <typename Row>
constexpr ComputationHandlers computation_handlers() {
    constexpr bool has_immediate = std::tuple_size_v<typename Row::Params> == 2 && is_last_narrow<Row>();
    using Result = result_of<Row>;
    constexpr bool can_branch = std::is_same_v<Result, u32> && !Row::may_trap;
    ComputationHandlers found{std::tuple_size_v<typename Row::Params>,
                              words_of_type<Result>,
                              Row::is_commutative,
                              compute<Row, false>,
                              nullptr,
                              nullptr,
                              can_branch,
                              {}};
    if constexpr (!std::is_void_v<typename Row::Nan>)
        found.canonicalise = canonicalise<typename Row::Nan, Result>;
    if constexpr (has_immediate) found.immediate = compute<Row, true>;
    if constexpr (can_branch) found.branches[false] = branch_handlers<Row, false>();
    if constexpr (can_branch && has_immediate) found.branches[true] = branch_handlers<Row, true>();
    return found;
}

template <typename Row>
constexpr StoreHandlers store_handlers() {
    StoreHandlers found{{store<Row, false, false>, store<Row, true, false>}, {}};
    if constexpr (is_last_narrow<Row>()) {
        found.immediate[false] = store<Row, false, true>;
        found.immediate[true] = store<Row, true, true>;
    }
    return found;
}

template <typename Row>
constexpr LaneHandlers lane_handlers() {
    using Operands = decltype(std::tuple_cat(std::declval<typename Row::Params>(), std::tuple<u32>()));
    using Result = decltype(std::apply(Row::apply, std::declval<Operands>()));
    return {compute_lane<Row>, std::tuple_size_v<typename Row::Params>, words_of_type<Result>};
}

}  // namespace linocut::interp
