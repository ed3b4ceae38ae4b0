// One instruction with holes, as stencilgen finds it in the assembler's output (stencilgen/targets/x86_64/forms.py).
#pragma once

#include <cstdint>

namespace linocut {

// [prefix] head [displacement] [immediate]. The head's low byte is the REX slot: a zero there is dropped. Registers
// are or-ed in from REGISTER_MASKS. How many registers it takes and whether it has a displacement is its type, so
// that no emission can get it wrong. One with a VEX prefix has no REX slot; its prefix is three bytes long here, and
// becomes two where they suffice.
template <unsigned Operands, bool Displaced, bool Vex = false>
struct Form {
    uint64_t head = 0;
    uint8_t prefix = 0;
    uint8_t length = 0;            // of the head, REX slot included; 0 = the opcode has no such form
    uint8_t modrm = 0;             // index of the ModRM byte
    bool can_omit = false;         // a zero displacement may be left out
    uint8_t masks[3] = {0, 0, 0};  // rows of REGISTER_MASKS, by operand
    constexpr bool exists() const { return length != 0; }
};

}  // namespace linocut
