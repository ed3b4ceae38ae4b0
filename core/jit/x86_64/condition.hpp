// What a jump, a set or a conditional move asks of the flags.
#pragma once

#include <cstdint>

namespace linocut {

// x86's codes: a pair of opposites differs in the lowest bit.
enum class Condition : uint8_t {
    Below = 2,
    AboveEqual = 3,
    Equal = 4,
    NotEqual = 5,
    BelowEqual = 6,
    Above = 7,
    Parity = 10,
    NoParity = 11,
    Less = 12,
    GreaterEqual = 13,
    LessEqual = 14,
    Greater = 15,
};

constexpr Condition opposite(Condition condition) {
    return static_cast<Condition>(static_cast<uint8_t>(condition) ^ 1);
}

// The condition on "b against a" that means the same as `condition` on "a against b".
constexpr Condition swap_operands(Condition condition) {
    switch (condition) {
    case Condition::Less: return Condition::Greater;
    case Condition::Greater: return Condition::Less;
    case Condition::LessEqual: return Condition::GreaterEqual;
    case Condition::GreaterEqual: return Condition::LessEqual;
    case Condition::Below: return Condition::Above;
    case Condition::Above: return Condition::Below;
    case Condition::BelowEqual: return Condition::AboveEqual;
    case Condition::AboveEqual: return Condition::BelowEqual;
    default: return condition;
    }
}

}  // namespace linocut
