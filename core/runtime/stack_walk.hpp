// Walks the frames of machine code, by the function table (code/code.hpp) without CFI, and those of the
// interpreter, which are linked.
#pragma once

#include <cstdint>

#include "runtime/instance.hpp"
#include "runtime/thread.hpp"
#include "runtime/trap.hpp"

namespace linocut {

// Adds the frames of the thread to the record, across host calls and the instances they went through.
// `sp`: where the return address of the call to a trap stub is. `has_frame`: the function that called has
// its frame already.
void walk_stack(const Thread& thread, uint64_t sp, bool has_frame, TrapRecord& record);

// The same when machine code has been left (Activation::leave).
void walk_left_stack(const Thread& thread, TrapRecord& record);
// Only as far as the call that the host made.
void walk_left_activation(const Thread& thread, TrapRecord& record);

// The instance whose code called the host function that runs; null when the host itself called it.
Instance* calling_instance(const Thread& thread);

}  // namespace linocut
