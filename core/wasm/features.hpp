// Parts of WebAssembly beyond 1.0, from linocut_isa/features.py. A module that needs one that is not
// supported yet is not malformed; it is refused with the feature's name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/errors.hpp"
#include "base/leb128.hpp"

namespace linocut {

// `enum class Feature`, what features are called, and the bytes of types that need one that is missing.
#include "features.inc"

bool is_supported(Feature feature);
// Which feature a value type's byte needs, or a heap type's; none if the type exists.
std::optional<Feature> feature_of_type(uint8_t byte);
// The same for the byte that opens an entry of the type section.
std::optional<Feature> feature_of_form(uint8_t byte);

// "{what} needs {feature}, …"
ModuleError unsupported(Feature feature, const std::string& what, size_t offset);

// Throws unless there are exceptions, which `what` is a part of.
void require_tags(const std::string& what, size_t offset);

// For bytes that the suite calls malformed, though a later feature gives them a meaning: "{message}: {feature} …"
ModuleError malformed_without(Feature feature, const std::string& message, size_t offset);

}  // namespace linocut
