#include "jit/arch/access.hpp"

#include "jit/calls.hpp"

namespace linocut::rare {

uint64_t add_large_offset(FunctionCompiler& c, uint64_t index, uint64_t offset) {
    c.state.out = encode::immediate(encode::one(c.state.out, forms::constant32, kScratch),
                                    static_cast<uint32_t>(offset));
    c.state.out = encode::two(c.state.out, forms::i64_add.rr, static_cast<Register>(index), kScratch);
    return 0;
}

// Compares the end of the access with the memory's size, in 64 bits: nothing can wrap.
uint64_t check_bounds(FunctionCompiler& c, uint64_t distance, uint64_t) {
    const Register index = c.load(c.rare_operand);
    const Register end = c.take(ValueClass::Int);
    if (distance <= INT32_MAX) {
        c.state.out = encode::at(c.state.out, forms::add64_disp, index, end, static_cast<int32_t>(distance));
    } else {
        c.state.out = encode::immediate(encode::one(c.state.out, forms::constant64, end), distance);
        c.state.out = encode::two(c.state.out, forms::i64_add.rr, index, end);
    }
    c.state.out = emit::load_pointer(c.state.out, LC_CONTEXT_OFFSET(memory));
    c.state.out = encode::at(c.state.out, forms::compare_bytes, end, offsetof(LcMemory, bytes));
    trap_if(c, Condition::Above, TrapKind::OutOfBoundsMemory, c.offset_of(c.opcode_at));
    c.state.free |= bit(end);
    return 0;
}

}  // namespace linocut::rare
