// Linear memories (§4.2.8).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "context.h"
#include "runtime/reservation.hpp"
#include "runtime/store_limits.hpp"
#include "wasm/types.hpp"

namespace linocut {

class SizeMirror;
class Store;

// Throws OutOfMemory when the address space or the number of mappings runs out.
class Memory : public std::enable_shared_from_this<Memory> {
public:
    // A shared one belongs to no store (null), but to all whose instances have it: it lives by shared pointers, and
    // any thread may grow it while others read its size.
    Memory(Store* store, const MemoryType& type, const StoreLimits& limits);

    uint8_t* base() const { return view_.base; }  // never moves
    uint64_t bytes() const { return __atomic_load_n(&view_.bytes, __ATOMIC_ACQUIRE); }
    uint64_t pages() const { return __atomic_load_n(&view_.pages, __ATOMIC_ACQUIRE); }
    bool is_shared() const { return type_.shared; }
    // The old size in pages; nothing when it would exceed the maximum or the limit, or the system refuses.
    std::optional<uint64_t> grow(uint64_t pages);
    bool is64() const { return type_.is64; }
    bool contains(uint64_t at, uint64_t count) const { return at <= bytes() && count <= bytes() - at; }
    // Its type now: the minimum is the current size (§4.5.3.3 matching looks at it).
    MemoryType type() const;
    LcMemory* view() { return &view_; }

    // In bytes: of the store's limits, or for a shared memory of those that it was made with.
    uint64_t limit() const;

    Store* store;

private:
    friend class SizeMirror;

    std::optional<uint64_t> extend(uint64_t pages);

    MemoryType type_;
    uint64_t limit_;
    Reservation reservation_;
    LcMemory view_{};
    std::vector<SizeMirror*> mirrors_;
};

// Keeps a word equal to a memory's size as long as it lives. The memory lives longer.
class SizeMirror {
public:
    SizeMirror(Memory& memory, uint64_t* word);
    ~SizeMirror();
    SizeMirror(const SizeMirror&) = delete;
    SizeMirror& operator=(const SizeMirror&) = delete;

private:
    friend class Memory;

    Memory& memory_;
    uint64_t* word_;
    size_t place_;  // among the memory's mirrors
};

}  // namespace linocut
