#include "jit/parallel_move.hpp"

#include <bit>

namespace linocut {

void ParallelMove::empty_waiting(FunctionCompiler& c) {
    while (waiting_) {
        if (!move_some(c)) break_cycle(c);
    }
}

// Makes those whose target no other move reads. False if there is none: the rest go in circles.
bool ParallelMove::move_some(FunctionCompiler& c) {
    uint32_t moved = 0;
    for (uint32_t left = waiting_; left; left &= left - 1) {
        const Move& move = moves_[std::countr_zero(left)];
        if (awaited_ & bit(move.target)) continue;
        c.move_between(move.source->reg, move.target, move.source->type);
        awaited_ &= ~bit(move.source->reg);
        move.source->reg = move.target;
        moved |= left & -left;
    }
    waiting_ &= ~moved;
    return moved != 0;
}

void ParallelMove::break_cycle(FunctionCompiler& c) {
    const auto number = static_cast<unsigned>(std::countr_zero(waiting_));
    const Register from = moves_[number].source->reg, to = moves_[number].target;
    if (!emit::can_exchange(class_of_register(to))) {
        if (move_aside(c, number)) return;
        waiting_ &= ~(1u << number);
        loads_ |= 1u << number;
        awaited_ &= ~bit(from);
        return c.move_to_slot(moves_[number].source);
    }
    c.state.out = emit::exchange(c.state.out, from, to);
    waiting_ &= ~(1u << number);
    awaited_ &= ~bit(to);
    for (uint32_t left = waiting_; left; left &= left - 1) {
        const Move& other = moves_[std::countr_zero(left)];
        if (other.source->reg == to) other.source->reg = from;
        if (other.target == from && other.source->reg == from) {
            waiting_ &= ~(left & -left);
            awaited_ &= ~bit(from);
        }
    }
    moves_[number].source->reg = to;
}

// Moves the source to a register that nobody wants, if there is one.
bool ParallelMove::move_aside(FunctionCompiler& c, unsigned number) {
    Operand& source = *moves_[number].source;
    const RegisterSet spare =
        temporaries(class_of_register(source.reg)) & c.state.free & ~targets_ & ~awaited_;
    if (!spare) return false;
    const auto aside = static_cast<Register>(std::bit_width(spare) - 1);
    c.move_between(source.reg, aside, source.type);
    awaited_ = (awaited_ & ~bit(source.reg)) | bit(aside);
    source.reg = aside;
    return true;
}

}  // namespace linocut
