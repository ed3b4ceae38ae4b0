#include "interp/pass_opcode.hpp"

namespace linocut::interp {

namespace {

void pass_integers(Reader& in, unsigned count) {
    for (; count; count--)
        while (in.u8() & 0x80) {
        }
}

void pass_memarg(Reader& in) {
    constexpr uint32_t has_memory = 64;
    pass_integers(in, in.u32() & has_memory ? 2 : 1);
}

void pass_immediates(Reader& in, Imm kind) {
    switch (kind) {
    case Imm::None: return;
    case Imm::F32: in.bytes(4); return;
    case Imm::F64: in.bytes(8); return;
    case Imm::Labels: return pass_integers(in, in.u32() + 1);
    case Imm::Types: return pass_integers(in, in.u32());
    case Imm::MemArg: return pass_memarg(in);
    case Imm::TypeTable:
    case Imm::ElemTable:
    case Imm::TableTable:
    case Imm::DataMemory:
    case Imm::MemoryMemory: return pass_integers(in, 2);
    default: return pass_integers(in, 1);
    }
}

}  // namespace

Imm pass_opcode(Reader& in) {
    constexpr uint16_t prefix = 0xFC;
    uint16_t code = in.u8();
    if (code == prefix) code = static_cast<uint16_t>(prefix << 8 | in.u32());
    const Imm kind = facts_of(code)->immediate;
    pass_immediates(in, kind);
    return kind;
}

}  // namespace linocut::interp
