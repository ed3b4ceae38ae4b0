// Pushed general registers, in ascending order downward, above saved vector registers, above slots.
#include "jit/arch/frame.hpp"

#include <bit>

#include "jit/arch/row_forms.hpp"

namespace linocut {

namespace {

constexpr uint32_t kPushedBytes = 8;
// A saved vector pin: all of the register, since a caller from another module may have a v128 in it.
constexpr ValType kSavedVector = ValType::V128;
constexpr uint32_t kSavedVectorBytes = width_of(kSavedVector);

RegisterSet saved_ints(const FunctionCompiler& c) { return c.saved & kIntRegisters; }
RegisterSet saved_vectors(const FunctionCompiler& c) { return c.saved & ~kIntRegisters; }
uint32_t count(RegisterSet set) { return static_cast<uint32_t>(std::popcount(set)); }

// Where they lie in the frame: aligned, as the frame then is, so that no access crosses a cache line.
uint32_t saved_vectors_at(const FunctionCompiler& c) {
    return (c.frame_bytes + kSavedVectorBytes - 1) & ~(kSavedVectorBytes - 1);
}

// Calls visit(register, displacement) for each saved vector register, the lowest first.
template <typename Visit>
void for_each_saved_vector(const FunctionCompiler& c, Visit visit) {
    auto at = static_cast<int32_t>(saved_vectors_at(c));
    for (RegisterSet set = saved_vectors(c); set; set &= set - 1, at += kSavedVectorBytes)
        visit(static_cast<Register>(std::countr_zero(set)), at);
}

}  // namespace

// At a call rsp is a multiple of 16; the return address is one more word above what is pushed.
void lay_out_frame(const FunctionCompiler& c, FunctionCode& code) {
    code.saved = c.saved;
    code.pushed_bytes = kPushedBytes * count(saved_ints(c));
    const uint32_t vectors = count(saved_vectors(c));
    code.frame_bytes = vectors ? saved_vectors_at(c) + kSavedVectorBytes * vectors : c.frame_bytes;
    const uint32_t total = code.frame_bytes + code.pushed_bytes + kPushedBytes;
    if ((c.makes_calls || vectors) && total % 16) code.frame_bytes += 8;
}

uint8_t* check_stack(uint8_t* out, const FunctionCode& code) {
    constexpr int32_t limit = LC_CONTEXT_OFFSET(stack_limit);
    if (code.frame_bytes > FunctionCompiler::kSmallFrame) {
        out = encode::at(out, forms::load_frame_address, kScratch, -static_cast<int32_t>(code.frame_bytes));
        out = encode::at(out, forms::compare_register_context, kScratch, limit);
    } else {
        out = encode::at(out, forms::compare_stack_limit, limit);
    }
    return emit::jump_if(out, Condition::Below);
}

uint8_t* enter_frame(uint8_t* out, const FunctionCompiler& c, const FunctionCode& code) {
    for (RegisterSet set = saved_ints(c); set; set &= set - 1)
        out = encode::one(out, forms::push, static_cast<Register>(std::countr_zero(set)));
    const auto frame = static_cast<int32_t>(code.frame_bytes);
    if (frame) out = encode::shortest(out, forms::grow_frame8, forms::grow_frame, frame);
    for_each_saved_vector(
        c, [&](Register reg, int32_t at) { out = emit::store_frame(out, kSavedVector, reg, at); });
    return out;
}

uint8_t* leave_frame(uint8_t* out, const FunctionCompiler& c, const FunctionCode& code) {
    for_each_saved_vector(
        c, [&](Register reg, int32_t at) { out = emit::load_frame(out, kSavedVector, reg, at); });
    const auto frame = static_cast<int32_t>(code.frame_bytes);
    if (frame) out = encode::shortest(out, forms::shrink_frame8, forms::shrink_frame, frame);
    for (RegisterSet left = saved_ints(c); left;) {
        const auto reg = static_cast<Register>(std::bit_width(left) - 1);
        out = encode::one(out, forms::pop, reg);
        left ^= bit(reg);
    }
    *out++ = encode::kReturn;
    return out;
}

uint8_t* load_float(uint8_t* out, ValType type, Register d, uint64_t bits) {
    out = emit::constant(out, type, kScratch, bits);
    return width_of(type) == 4 ? encode::two(out, forms::f32_reinterpret_i32.rr, kScratch, d)
                               : encode::two(out, forms::f64_reinterpret_i64.rr, kScratch, d);
}

}  // namespace linocut
