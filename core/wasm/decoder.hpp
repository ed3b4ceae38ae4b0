// bytes → Module.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "wasm/module.hpp"

namespace linocut {

// Decodes the binary format (§5) of WebAssembly 2.0 and validates all but function bodies (§3.5).
// The module keeps pointers into `bytes`, which `owner` keeps alive.
// Throws MalformedError or InvalidError (base/errors.hpp).
std::shared_ptr<const Module> decode(std::span<const uint8_t> bytes, std::shared_ptr<const void> owner);

}  // namespace linocut
