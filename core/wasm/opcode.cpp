#include "wasm/opcode.hpp"

#include <algorithm>
#include <iterator>

#include "base/hex.hpp"

namespace linocut {

const OpcodeFacts* facts_of(uint8_t byte, uint32_t number) {
    if (number > 0xFFFF) return nullptr;
    const auto code = Opcode{is_prefix(byte) ? uint32_t{byte} << 16 | number : byte};
    const auto* end = std::end(OPCODE_FACTS);
    const auto* found =
        std::lower_bound(std::begin(OPCODE_FACTS), end, code,
                         [](const OpcodeFacts& facts, Opcode wanted) { return facts.code < wanted; });
    return found != end && found->code == code ? found : nullptr;
}

ModuleError unknown_opcode(uint8_t byte, uint32_t number, size_t offset) {
    const std::string code = is_prefix(byte) ? hex(byte) + " " + hex(number) : hex(byte);
    if (const OpcodeFacts* facts = facts_of(byte, number))
        return unsupported(facts->missing, "opcode " + code, offset);
    return MalformedError("illegal opcode " + code, offset);
}

ModuleError unknown_opcode(uint8_t byte, Reader& reader, size_t offset) {
    return unknown_opcode(byte, is_prefix(byte) ? reader.u32() : 0, offset);
}

}  // namespace linocut
