// What the runtime's helpers (abi/helpers.h) are made of.
#pragma once

#include "code/stubs.hpp"
#include "context.h"
#include "runtime/context.hpp"
#include "runtime/interrupts.hpp"

namespace linocut {

inline Instance& instance_at(LcContext* context) { return *static_cast<Instance*>(context->instance); }

inline uint32_t first(uint64_t immediates) { return static_cast<uint32_t>(immediates); }
inline uint32_t second(uint64_t immediates) { return static_cast<uint32_t>(immediates >> 32); }

inline LcHelperResult trap(TrapKind kind) { return {0, 1 + static_cast<uint64_t>(kind)}; }

inline LcHelperResult left_with(Exit exit) { return {0, kHelperExit + static_cast<uint64_t>(exit)}; }

// Bulk operations may take long, and a loop of them hardly ever shows the ticker a pc in machine code.
inline LcHelperResult done(LcContext* context, uint64_t value = 0) {
    Thread& thread = thread_of_context(context + 1);
    if (!thread.pending.load(std::memory_order_relaxed)) [[likely]]
        return {value, 0};
    const Exit exit = poll(thread, store_of_context(context + 1));
    return exit == Exit::Done ? LcHelperResult{value, 0} : left_with(exit);
}

}  // namespace linocut
