// Names are UTF-8 (§5.2.4).
#pragma once

#include <cstdint>
#include <span>

namespace linocut {

// False also for overlong forms, surrogates and code points beyond U+10FFFF.
bool is_utf8(std::span<const uint8_t> bytes);

}  // namespace linocut
