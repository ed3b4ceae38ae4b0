// Registers as numbers, and sets of them. Which there are and what each is for: jit/arch/registers.hpp.
#pragma once

#include <cstdint>

namespace linocut {

// A register of either class: both share one range of numbers below 63, so that one word holds a set of both.
using Register = uint8_t;
constexpr Register kNoRegister = 0xFF;

// Bit n = register n.
using RegisterSet = uint64_t;
constexpr RegisterSet bit(Register reg) { return RegisterSet{1} << reg; }

}  // namespace linocut
