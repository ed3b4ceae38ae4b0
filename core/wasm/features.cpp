#include "wasm/features.hpp"

#include <algorithm>
#include <iterator>

#include "base/hex.hpp"

namespace linocut {

namespace {

template <typename Rows>
std::optional<Feature> find_byte(const Rows& rows, uint8_t byte) {
    const auto* found =
        std::find_if(std::begin(rows), std::end(rows), [byte](const auto& row) { return row.byte == byte; });
    return found == std::end(rows) ? std::nullopt : std::optional(found->feature);
}

const FeatureFacts& facts_of(Feature feature) { return FEATURE_FACTS[static_cast<size_t>(feature)]; }

std::string titled(Feature feature) {
    return std::string(facts_of(feature).title) + " (feature \"" + facts_of(feature).name + "\")";
}

}  // namespace

bool is_prefix(uint8_t byte) { return byte >= 0xFB && byte <= 0xFE; }

std::optional<Feature> feature_of_opcode(uint8_t byte, uint32_t number) {
    const uint64_t code = is_prefix(byte) ? uint64_t{byte} << 16 | number : byte;
    if (number > 0xFFFF) return std::nullopt;
    for (const LaterOpcodes& row : LATER_OPCODES)
        if (code >= row.first && code <= row.last) return row.feature;
    return std::nullopt;
}

std::optional<Feature> feature_of_type(uint8_t byte) { return find_byte(LATER_TYPES, byte); }
std::optional<Feature> feature_of_form(uint8_t byte) { return find_byte(LATER_FORMS, byte); }

ModuleError unsupported(Feature feature, const std::string& what, size_t offset) {
    return ModuleError(Refusal::Unsupported, what + " needs " + titled(feature) + ", not supported yet",
                       offset, std::nullopt, facts_of(feature).name);
}

ModuleError malformed_without(Feature feature, const std::string& message, size_t offset) {
    return ModuleError(Refusal::Malformed, message + ": " + titled(feature) + " are not supported yet",
                       offset, std::nullopt, facts_of(feature).name);
}

ModuleError unknown_opcode(uint8_t byte, uint32_t number, size_t offset) {
    const std::string code = is_prefix(byte) ? hex(byte) + " " + hex(number) : hex(byte);
    if (const auto feature = feature_of_opcode(byte, number))
        return unsupported(*feature, "opcode " + code, offset);
    return MalformedError("illegal opcode " + code, offset);
}

ModuleError unknown_opcode(uint8_t byte, Reader& reader, size_t offset) {
    return unknown_opcode(byte, is_prefix(byte) ? reader.u32() : 0, offset);
}

}  // namespace linocut
