// What instances of a store may take, beside what their modules' types say.
#pragma once

#include <cstdint>

namespace linocut {

struct StoreLimits {
    static constexpr uint64_t kNone = UINT64_MAX;

    uint64_t memory = uint64_t{1} << 30;  // bytes of each memory
    uint64_t table = kNone;               // elements of each table
    uint64_t instances = kNone;
    uint64_t stack = kNone;  // bytes below the first call, at most what the thread has
};

}  // namespace linocut
