// How a value of a type is kept, whatever it means: in which registers, and in how many bytes. Whoever moves values,
// gives them room or passes them on asks this and never which type it is.
#pragma once

#include <cstdint>
#include <span>

#include "wasm/types.hpp"

namespace linocut {

// The register file that holds a value. Vector registers also hold single floats.
enum class ValueClass : uint8_t { Int, Vector };

constexpr ValueClass class_of(ValType type) {
    const bool is_vector = type == ValType::F32 || type == ValType::F64 || type == ValType::V128;
    return is_vector ? ValueClass::Vector : ValueClass::Int;
}

// In bytes: 4, 8 or 16. A reference is one word.
constexpr unsigned width_of(ValType type) {
    if (type == ValType::I32 || type == ValType::F32) return 4;
    return type == ValType::V128 ? 16 : 8;
}

// The 64-bit words that a value takes in memory of ours: in frames, buffers, cells of globals, the interpreter's
// slots. A narrow one has a word to itself.
constexpr unsigned kWordBytes = 8;
constexpr unsigned kMostWords = 2;
constexpr unsigned words_of(ValType type) { return width_of(type) > kWordBytes ? kMostWords : 1; }

// What it takes there.
constexpr int32_t byte_count(ValType type) { return static_cast<int32_t>(kWordBytes * words_of(type)); }

// The bits of a value of any type, the lower half first: what a narrow one does not need is 0.
struct Wide {
    uint64_t words[kMostWords];
    bool operator==(const Wide&) const = default;
};

inline uint32_t words_of(std::span<const ValType> types) {
    uint32_t words = 0;
    for (const ValType type : types) words += words_of(type);
    return words;
}

}  // namespace linocut
