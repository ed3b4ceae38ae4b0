// Moves values to registers, all at once: arguments, results, the operands of a stencil.
#pragma once

#include <bit>

#include "jit/function_compiler.hpp"

namespace linocut {

// No more than there are registers in which arguments travel. (A block's many values go to slots, in an order in which
// none is overwritten: labels.cpp.)
class ParallelMove {
public:
    // A temporary is the source of one move at most. The operand is one of the operand stack, perhaps popped, since it
    // may go to its slot on the way. It is said to be in the target once it has moved from another register.
    void add(Operand& source, Register target);
    // Any other values in the targets are lost.
    void carry_out(FunctionCompiler& c);

private:
    void empty_waiting(FunctionCompiler& c);
    bool move_some(FunctionCompiler& c);
    void break_cycle(FunctionCompiler& c);
    bool move_aside(FunctionCompiler& c, unsigned number);

    struct Move {
        Operand* source;
        Register target;
    };
    static constexpr unsigned kMost = LC_INT_ARGUMENTS + LC_VECTOR_ARGUMENTS;
    Move moves_[kMost];
    unsigned count_ = 0;
    uint32_t waiting_ = 0;     // by number: moves between registers that are still to be made
    uint32_t loads_ = 0;       // moves from elsewhere, which come last
    RegisterSet awaited_ = 0;  // what waiting moves read
    RegisterSet targets_ = 0;
};

inline void ParallelMove::add(Operand& source, Register target) {
    const uint32_t number = count_++;
    moves_[number] = {&source, target};
    targets_ |= bit(target);
    if (source.kind != Kind::Register) {
        loads_ |= 1u << number;
    } else if (source.reg != target) {
        waiting_ |= 1u << number;
        awaited_ |= bit(source.reg);
    }
}

// Most calls' arguments come from locals and constants, or are where they belong already.
inline void ParallelMove::carry_out(FunctionCompiler& c) {
    if (waiting_) empty_waiting(c);
    for (uint32_t left = loads_; left; left &= left - 1) {
        const Move& load = moves_[std::countr_zero(left)];
        c.move_to_register(load.target, *load.source);
    }
}

}  // namespace linocut
