// A function type, and where its values are in the array that a call passes (the "frame", code/places.hpp):
//
//   frame[0..3]   the first four of class Int
//   frame[4..11]  the first four of class Vector, two words each (a v128; an f32 in the low 32 bits)
//   frame[12..]   further ones, in order, each in as many words as it has
// An i32 must be zero-extended.
#pragma once

#include <cstdint>
#include <vector>

#include "code/places.hpp"
#include "wasm/types.hpp"

namespace linocut {

struct Signature {
    const FuncType* type;
    uint32_t type_id;               // code/type_registry.hpp
    std::vector<uint32_t> params;   // first word of each parameter in the frame
    std::vector<uint32_t> results;  // of each result
    uint32_t buffer_params = 0;     // words beyond the registers
    uint32_t buffer_results = 0;
    uint32_t frame_words = kFrameRegisters;  // size of the frame, enough for both

    bool is_narrow = false;  // see linocut_enter

    // The type must live as long.
    Signature(const FuncType& type, uint32_t type_id);
};

}  // namespace linocut
