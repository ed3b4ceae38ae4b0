// Entries are distances, each from the end of its own entry.
#include "jit/arch/jump_table.hpp"

namespace linocut {

namespace {

uint8_t* limit_index(uint8_t* out, Register index, uint32_t last, bool by_jump) {
    out = encode::immediate(encode::one(out, forms::constant32, kScratch), last);
    out = encode::two(out, forms::compare_registers32, kScratch, index);
    if (!by_jump) return encode::two(out, forms::clamp_index, kScratch, index);
    out = emit::jump_if(out, Condition::BelowEqual);
    const Site skip = emit::site_before(out);
    out = emit::move(out, ValType::I32, kScratch, index);
    skip.lead_to(out);
    return out;
}

}  // namespace

void jump_through_table(FunctionCompiler& c, Register index, uint32_t last) {
    uint8_t* out = limit_index(c.state.out, index, last, c.is_off(Switch::IndexClamp));
    out = encode::without_displacement(out, forms::table_address, kScratch);
    const Site address = emit::site_before(out);
    out = encode::two(out, forms::jump_entry_address, index, kScratch);
    out = encode::one(out, forms::load_jump_entry, index);
    out = encode::two(out, forms::jump_entry, index, kScratch);
    out = encode::one(out, forms::jump_register, kScratch);
    address.lead_to(out);
    c.state.out = out;
}

}  // namespace linocut
