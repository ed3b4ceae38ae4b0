// The calling convention: where each argument or result of a call is (abi/context.h). Compiled code, the
// interpreter, the stubs and Python's side all learn it here.
#pragma once

#include <cstdint>

#include "context.h"
#include "wasm/value_class.hpp"

namespace linocut {

struct Place {
    enum class Kind : uint8_t { IntRegister, VectorRegister, Buffer };
    Kind kind;
    uint32_t index;  // of the register, among those of its class; or of the value's first word in the buffer

    bool is_register() const { return kind != Kind::Buffer; }
};

// Walks a list of types and gives each value its place: by class and order.
class Places {
public:
    Place next(ValType type) {
        if (class_of(type) == ValueClass::Vector) {
            if (vectors_ < LC_VECTOR_ARGUMENTS) return {Place::Kind::VectorRegister, vectors_++};
        } else if (ints_ < LC_INT_ARGUMENTS) {
            return {Place::Kind::IntRegister, ints_++};
        }
        const uint32_t word = buffered_words_;
        buffered_words_ += words_of(type);
        return {Place::Kind::Buffer, word};
    }
    uint32_t buffered_words() const { return buffered_words_; }

private:
    uint32_t ints_ = 0, vectors_ = 0, buffered_words_ = 0;
};

// A frame is the array in which C++ passes a call's values: first the registers, then what is in the buffer.
inline constexpr uint32_t kFrameRegisters = LC_INT_ARGUMENTS + LC_VECTOR_ARGUMENTS * LC_VECTOR_WORDS;

// The value's first word in the frame.
constexpr uint32_t frame_word(Place place) {
    switch (place.kind) {
    case Place::Kind::IntRegister: return place.index;
    case Place::Kind::VectorRegister: return LC_INT_ARGUMENTS + place.index * LC_VECTOR_WORDS;
    case Place::Kind::Buffer: return kFrameRegisters + place.index;
    }
    return 0;
}

}  // namespace linocut
