// Integer arguments: sizes, indices, addresses, counts.
#pragma once

#include <cstdint>

#include "bind/python.hpp"

namespace linocut::bind {

// What was given where a non-negative integer is wanted.
struct Integer {
    nb::object given;    // an int: what messages show
    bool fits = false;   // it is not negative and below 2^64
    uint64_t value = 0;  // if it fits
};

// `name` is the argument's name. TypeError when the object is not an integer.
Integer integer_from(nb::handle object, const char* name);

// The same for one that must be at most `most`: ValueError when it is not.
uint64_t integer_up_to(uint64_t most, nb::handle object, const char* name);

}  // namespace linocut::bind
