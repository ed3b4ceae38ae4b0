// Threads that wait at a place in a shared memory until another one notifies it (memory.atomic.wait32 and its kind).
#pragma once

#include <cstdint>

#include "runtime/exit.hpp"
#include "runtime/thread.hpp"

namespace linocut {

class Store;

// What the opcode results in.
enum class Woken : uint32_t { Notified = 0, NotEqual = 1, TimedOut = 2 };

// Waits while nobody notifies the address, for so many nanoseconds or, below 0, for ever; not at all when the value
// there is not the expected one. The interpreter's lock is given up meanwhile. Not Done: the wait was left for what
// poll() says.
template <typename Value>
Exit wait_at(const Value* address, Value expected, int64_t timeout, Thread& thread, Store& store, Woken& how);

extern template Exit wait_at(const uint32_t*, uint32_t, int64_t, Thread&, Store&, Woken&);
extern template Exit wait_at(const uint64_t*, uint64_t, int64_t, Thread&, Store&, Woken&);

// Wakes those that have waited longest there, `most` at most; how many.
uint32_t notify_at(const void* address, uint32_t most);

}  // namespace linocut
