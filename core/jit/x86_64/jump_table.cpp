#include "jit/arch/jump_table.hpp"

#include <bit>

#include "jit/arch/row_forms.hpp"

namespace linocut {

// A processor that runs ahead on a wrong guess reads within the table, too: its length is a power of two.
Site jump_through_table(FunctionCompiler& c, Register index, uint32_t count, JumpTable& table) {
    const size_t size = std::bit_ceil(size_t{count});
    c.ensure_room(size * Site::kBytes + 256);
    uint8_t* out = emit::compare_constant(c.state.out, index, static_cast<int32_t>(count));
    out = emit::jump_if(out, Condition::AboveEqual);
    const Site beyond = emit::site_before(out);
    if (!c.is_off(Switch::IndexClamp)) {
        const auto mask = static_cast<int32_t>(size - 1);
        out = encode::shortest(out, forms::i32_and.ri8, forms::i32_and.ri32, index, mask);
    }
    out = encode::without_displacement(out, forms::table_address, kScratch);
    const Site address = emit::site_before(out);
    out = encode::two(out, forms::load_jump_entry, index, index);
    out = encode::two(out, forms::i64_add.rr, index, kScratch);
    out = encode::one(out, forms::jump_register, kScratch);
    address.lead_to(out);
    table = {out, size};
    c.jump_tables.push_back(table);
    c.state.out = out + size * Site::kBytes;
    return beyond;
}

void complete_tables(FunctionCompiler& c) {
    for (const JumpTable& table : c.jump_tables) {
        for (size_t i = 0; i < table.size; i++) {
            const Site site = table.site(i);
            encode::store(site.field(), static_cast<int32_t>(site.target() - table.start));
        }
    }
}

}  // namespace linocut
