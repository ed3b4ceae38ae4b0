// Context offset → what lies there, in words. For listings.
#pragma once

#include <cstdint>

#include "code/context_layout.hpp"

namespace linocut {

struct ContextSlot {
    const char* kind;  // a field of LcContext, or what the module's part has: "global", "import" …
    int64_t index;     // which one, in the module's index space of its kind; -1 where a name says it
    const char* name;  // of a trap or a helper, or null
};

// `offset` is from the context's end. A null kind: nothing that has a name is there.
ContextSlot context_slot(const Module& module, const ContextLayout& layout, int32_t offset);

}  // namespace linocut
