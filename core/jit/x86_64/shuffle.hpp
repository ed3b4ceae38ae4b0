// i8x16.shuffle: one instruction for the patterns that have one, else a byte shuffle of each operand.
#pragma once

#include "jit/arch/shapes.hpp"
#include "jit/function_compiler.hpp"

namespace linocut {

struct Shuffling {
    enum class Kind : uint8_t { Move, Dwords, Bytes, Instruction, General };
    Kind kind;
    bool is_swapped = false;               // a and b change places; then the lanes are as said here
    const Form<2, false>* form = nullptr;  // Instruction: d = d op b
    int immediate = -1;                    // of it, or of Dwords; negative: it has none
    uint8_t lanes[sizeof(Wide)] = {};      // of a from 0, of b from 16
};

// `are_same`: both operands are in one register.
Shuffling plan_shuffle(const uint8_t* lanes, bool are_same);

// d is not b's register unless it is a's, too.
void shuffle(FunctionCompiler& c, const Shuffling& shuffling, Register d, Operand& a, Operand& b);

}  // namespace linocut
