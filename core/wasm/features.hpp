// Parts of WebAssembly that are not here yet, and the bytes that need them: from linocut_isa/features.py. A
// module that needs one is no malformed one; it is refused with the feature's name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/errors.hpp"
#include "base/leb128.hpp"

namespace linocut {

// A later feature of WebAssembly; also declares `enum class Feature`.
#include "features.inc"

// Which feature an opcode needs that no row defines; `number` is what follows a prefix.
std::optional<Feature> feature_of_opcode(uint8_t byte, uint32_t number);
// Is the byte one that a number follows?
bool is_prefix(uint8_t byte);
// … a value type's byte, or a heap type's; none of those that exist.
std::optional<Feature> feature_of_type(uint8_t byte);
// … the byte that opens an entry of the type section.
std::optional<Feature> feature_of_form(uint8_t byte);

// "{what} needs {feature}, …"
ModuleError unsupported(Feature feature, const std::string& what, size_t offset);

// For bytes that the suite calls malformed, though a later feature gives them a meaning: "{message}: {feature} …"
ModuleError malformed_without(Feature feature, const std::string& message, size_t offset);

// What is wrong with an opcode that no row defines.
ModuleError unknown_opcode(uint8_t byte, uint32_t number, size_t offset);
// The same, the number behind a prefix still to be read.
ModuleError unknown_opcode(uint8_t byte, Reader& reader, size_t offset);

}  // namespace linocut
