#include "interp/pass_opcode.hpp"

namespace linocut::interp {

namespace {

void pass_integers(Reader& in, unsigned count) {
    for (; count; count--)
        while (in.u8() & 0x80) {
        }
}

void pass_memarg(Reader& in) { pass_integers(in, in.u32() & kNamesMemory ? 2 : 1); }

// Two of the four clauses of try_table name a tag.
void pass_catches(Reader& in) {
    for (uint32_t count = in.u32(); count; count--) pass_integers(in, in.u8() < 2 ? 2 : 1);
}

// A clause of resume names a tag, and a label unless it switches.
void pass_handlers(Reader& in) {
    for (uint32_t count = in.u32(); count; count--) pass_integers(in, in.u8() ? 1 : 2);
}

void pass_immediate(Reader& in, Encoding encoding) {
    switch (encoding) {
    case Encoding::U32:
    case Encoding::S32:
    case Encoding::S33:
    case Encoding::S64:
    case Encoding::BlockType:
    case Encoding::HeapType: return pass_integers(in, 1);
    case Encoding::Byte: in.bytes(1); return;
    case Encoding::Bytes4: in.bytes(4); return;
    case Encoding::Bytes8: in.bytes(8); return;
    case Encoding::Bytes16: in.bytes(16); return;
    case Encoding::MemArg: return pass_memarg(in);
    case Encoding::Labels: return pass_integers(in, in.u32() + 1);
    case Encoding::Types: return pass_integers(in, in.u32());
    case Encoding::Catches: return pass_catches(in);
    case Encoding::Handlers: return pass_handlers(in);
    }
}

}  // namespace

const OpcodeFacts& pass_opcode(Reader& in) {
    const uint8_t byte = in.u8();
    const OpcodeFacts& facts = *facts_of(byte, is_prefix(byte) ? in.u32() : 0);
    for (const Immediate& immediate : facts.listed()) pass_immediate(in, immediate.encoding);
    return facts;
}

}  // namespace linocut::interp
