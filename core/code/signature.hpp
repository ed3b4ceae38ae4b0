// Where arguments and results are in the array that a call passes (the "frame").
//
//   frame[0..3]  the first four of integer or reference type
//   frame[4..7]  the first four of float type (an f32 in the low 32 bits)
//   frame[8..]   further ones, in order; a v128 takes two words
// An i32 must be zero-extended.
#pragma once

#include <cstdint>
#include <vector>

#include "context.h"
#include "wasm/types.hpp"

namespace linocut {

inline constexpr uint32_t kFrameRegisters = LC_INT_ARGUMENTS + LC_FLOAT_ARGUMENTS;

struct Signature {
    const FuncType* type;
    uint32_t type_id;               // code/type_registry.hpp
    std::vector<uint32_t> params;   // place of each parameter in the frame
    std::vector<uint32_t> results;  // place of each result
    uint32_t buffer_params = 0;     // words beyond the registers
    uint32_t buffer_results = 0;
    uint32_t frame_words = kFrameRegisters;  // size of the frame, enough for both

    bool is_narrow = false;  // see linocut_enter

    // The type must live as long.
    Signature(const FuncType& type, uint32_t type_id);
};

}  // namespace linocut
