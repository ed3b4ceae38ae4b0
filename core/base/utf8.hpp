// Names are UTF-8 (§5.2.4).
#pragma once

#include <cstdint>
#include <span>

namespace linocut {

// False for overlong forms, surrogates and what lies beyond U+10FFFF, too.
bool is_utf8(std::span<const uint8_t> bytes);

}  // namespace linocut
