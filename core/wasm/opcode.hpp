// The opcode table in C++: made from linocut_isa by stencilgen.
#pragma once

#include <cstdint>
#include <span>

#include "wasm/features.hpp"
#include "wasm/types.hpp"

namespace linocut {

// `enum class Space`, `Use` and `Encoding` of linocut_isa/immediate.py, and a table of all opcodes by code.
#include "immediates.inc"

// The bit in a memarg's alignment that announces the index of a memory (§5.4.6).
constexpr uint32_t kNamesMemory = 64;

// One of those that follow an opcode.
struct Immediate {
    Space space;
    Use use;
    Encoding encoding;
};

enum class Opcode : uint32_t;  // the byte, or prefix << 16 | number

struct OpcodeFacts {
    Opcode code;
    const char* name;
    uint8_t immediate_count;
    Immediate immediates[4];
    bool is_supported;  // else it is refused for want of the feature
    Feature missing;
    bool is_plain;     // the types below say all that validation needs
    bool is_constant;  // allowed in constant expressions
    uint8_t param_count;
    ValType params[3];
    ValType result;
    uint8_t align;
    uint8_t lanes;

    constexpr std::span<const Immediate> listed() const { return {immediates, immediate_count}; }
    constexpr bool is_access() const { return immediate_count && immediates[0].space == Space::Memarg; }
    constexpr bool opens_block() const { return immediate_count && immediates[0].space == Space::Block; }
    constexpr uint8_t byte() const {
        const auto number = static_cast<uint32_t>(code);
        return static_cast<uint8_t>(number > 0xFF ? number >> 16 : number);
    }
    constexpr bool is_prefixed() const { return static_cast<uint32_t>(code) > 0xFF; }
    // The number behind the prefix.
    constexpr uint16_t number() const { return static_cast<uint16_t>(static_cast<uint32_t>(code)); }
};

#include "opcodes.inc"

// The prefixes: bytes that a number follows.
constexpr uint8_t kFirstPrefix = 0xFB;
constexpr unsigned kPrefixes = 4;
constexpr bool is_prefix(uint8_t byte) { return byte >= kFirstPrefix && byte < kFirstPrefix + kPrefixes; }

// For each prefix, an entry by number for the supported opcodes behind it.
template <typename Entry>
using Numbered = std::span<const Entry>[kPrefixes];

// The facts of an opcode, or null when there is no such opcode. `number` is what follows a prefix.
const OpcodeFacts* facts_of(uint8_t byte, uint32_t number = 0);

// What is wrong with an opcode that is not supported.
ModuleError unknown_opcode(uint8_t byte, uint32_t number, size_t offset);
// The same, the number behind a prefix still to be read.
ModuleError unknown_opcode(uint8_t byte, Reader& reader, size_t offset);

}  // namespace linocut
