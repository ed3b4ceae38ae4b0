// How messages print a byte or an opcode.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace linocut {

inline std::string hex(uint32_t value) {
    char text[2 + 8 + 1];
    std::snprintf(text, sizeof text, "0x%02X", value);
    return text;
}

}  // namespace linocut
