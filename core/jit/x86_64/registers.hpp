// The registers of x86-64 and what each of them is for (abi/context.h).
#pragma once

#include "context.h"
#include "jit/register_set.hpp"
#include "wasm/value_class.hpp"

namespace linocut {

// General registers are 0..15; vector registers 16..31.
enum : Register {
    RAX = 0,
    RCX = 1,
    RDX = 2,
    RBX = 3,
    RSP = 4,
    RBP = 5,
    RSI = 6,
    RDI = 7,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
    R12 = 12,
    R13 = 13,
    R14 = 14,
    R15 = 15,
    XMM0 = 16,
};
constexpr unsigned kRegisterCount = 32;
constexpr Register kScratch = R10;      // never holds a value between instructions
constexpr Register kNoTemporary = RSP;  // for operands outside registers: giving it back changes nothing

constexpr RegisterSet kIntRegisters = 0xFFFF;
constexpr ValueClass class_of_register(Register reg) {
    return reg >= XMM0 ? ValueClass::Vector : ValueClass::Int;
}

// ── temporaries: arguments and results travel in them, the first one is the result's ──
constexpr Register kIntArguments[LC_INT_ARGUMENTS] = {RAX, RCX, RDX, R11};
constexpr Register kFirstVectorArgument = XMM0;
constexpr RegisterSet kIntTemporaries = bit(RAX) | bit(RCX) | bit(RDX) | bit(R11);
constexpr RegisterSet kVectorTemporaries = RegisterSet{0xF} << XMM0;
constexpr RegisterSet kTemporaries = kIntTemporaries | kVectorTemporaries;
constexpr RegisterSet temporaries(ValueClass value_class) {
    return value_class == ValueClass::Vector ? kVectorTemporaries : kIntTemporaries;
}
// Where the one result of a function or a block travels.
constexpr Register result_register(ValueClass value_class) {
    return value_class == ValueClass::Vector ? XMM0 : RAX;
}
// For a jump through a table, while the one result is where it travels.
constexpr Register kIndexRegister = R11;

// ── pins: homes of locals, saved by the function that uses them ──
// In the order of use: the first ones need no REX byte.
constexpr Register kIntPins[] = {RBX, RSI, RDI, RBP, R8, R9, R14, R15};
constexpr Register kFirstVectorPin = XMM0 + Register{LC_VECTOR_ARGUMENTS};
constexpr unsigned kIntPinCount = sizeof kIntPins;
constexpr unsigned kVectorPinCount = kRegisterCount - kFirstVectorPin;
constexpr unsigned pin_count(ValueClass value_class) {
    return value_class == ValueClass::Vector ? kVectorPinCount : kIntPinCount;
}
constexpr Register pin(ValueClass value_class, size_t number) {
    return value_class == ValueClass::Vector ? static_cast<Register>(kFirstVectorPin + number)
                                             : kIntPins[number];
}

}  // namespace linocut
