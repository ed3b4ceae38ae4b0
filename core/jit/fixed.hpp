// A row compiled from its C body: machine code with its operands in fixed registers.
#pragma once

#include <cstdint>

#include "jit/register_set.hpp"
#include "wasm/types.hpp"

namespace linocut {

enum class HoleKind : uint8_t { Trap, Constant };

struct Hole {
    HoleKind kind;
    uint8_t offset;
    uint8_t value;
};

enum class Division : uint8_t { None, Signed, Unsigned, Remainder, UnsignedRemainder };

// The operands are in the first registers of their classes in which arguments travel, the result is in the first.
struct Fixed {
    const char* name;
    uint8_t param_count;
    ValType params[3];
    ValType result;      // or None
    uint8_t bytes_log2;  // of an atomic access, whose first operand arrives as a pointer
    uint8_t code_length, hole_count, constant_length;
    RegisterSet clobbers;
    const uint8_t* code;
    const uint8_t* constants;
    const Hole* holes;
    const Fixed* unchecked = nullptr;  // a division whose faults are traps (Switch::DivisionChecks)
    Division division = Division::None;
};

}  // namespace linocut
