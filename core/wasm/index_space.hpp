// Every index names something that is there (§3.1), else "unknown …".
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/leb128.hpp"

namespace linocut {

[[noreturn]] void fail_unknown(const char* thing, uint32_t index, size_t count, size_t offset);

inline void check_index(const char* thing, uint32_t index, size_t count, size_t offset) {
    if (index >= count) [[unlikely]]
        fail_unknown(thing, index, count, offset);
}

// Reads an index into a space of `count` things.
inline uint32_t read_index(Reader& reader, const char* thing, size_t count) {
    const size_t offset = reader.offset();
    const uint32_t index = reader.u32();
    check_index(thing, index, count, offset);
    return index;
}

}  // namespace linocut
