#include "runtime/memory.hpp"

#include <algorithm>
#include <mutex>

#include "base/fork_lock.hpp"
#include "base/out_of_memory.hpp"
#include "runtime/store.hpp"

namespace linocut {

namespace {

// Sizes beyond 2^48 bytes exist only in types.
constexpr uint64_t kMaxBytes = uint64_t{1} << 48;

uint64_t max_pages(const MemoryType& type) {
    const uint64_t space = type.is64 ? kMaxBytes : uint64_t{1} << 32;
    return std::min(type.limits.max.value_or(UINT64_MAX), space >> type.page_shift);
}

uint64_t first_bytes(const MemoryType& type) {
    if (type.limits.min > kMaxBytes >> type.page_shift)
        throw OutOfMemory("a memory of %llu pages: no address space is that large",
                          static_cast<unsigned long long>(type.limits.min));
    return type.limits.min << type.page_shift;
}

// Of all shared memories: they grow seldom, and a lock of each would not be less.
ForkLock& lock_of_shared() {
    static ForkLock& lock = *new ForkLock;
    return lock;
}

}  // namespace

Memory::Memory(Store* store, const MemoryType& type, const StoreLimits& limits)
    : store(store),
      type_(type),
      limit_(limits.memory),
      reservation_(first_bytes(type), max_pages(type) << type.page_shift) {
    view_ = {reservation_.base(), first_bytes(type), type.limits.min};
}

std::optional<uint64_t> Memory::grow(uint64_t pages) {
    if (!is_shared()) return extend(pages);
    const std::lock_guard guard(lock_of_shared());
    return extend(pages);
}

// Other threads may use what is told to be there at once: so the bytes are there before.
std::optional<uint64_t> Memory::extend(uint64_t pages) {
    const uint64_t old = view_.pages;
    if (pages > max_pages(type_) || old > max_pages(type_) - pages) return {};
    const uint64_t bytes = (old + pages) << type_.page_shift;
    if (bytes > limit() || !reservation_.extend(bytes)) return {};
    __atomic_store_n(&view_.bytes, bytes, __ATOMIC_RELEASE);
    for (SizeMirror* const mirror : mirrors_) __atomic_store_n(mirror->word_, bytes, __ATOMIC_RELEASE);
    __atomic_store_n(&view_.pages, old + pages, __ATOMIC_RELEASE);
    return old;
}

uint64_t Memory::limit() const { return store ? store->limits.memory : limit_; }

// A memory that is not shared changes only with its store.
SizeMirror::SizeMirror(Memory& memory, uint64_t* word) : memory_(memory), word_(word) {
    std::unique_lock guard(lock_of_shared(), std::defer_lock);
    if (memory.is_shared()) guard.lock();
    place_ = memory.mirrors_.size();
    memory.mirrors_.push_back(this);
    *word = memory.bytes();
}

SizeMirror::~SizeMirror() {
    std::unique_lock guard(lock_of_shared(), std::defer_lock);
    if (memory_.is_shared()) guard.lock();
    SizeMirror* const last = memory_.mirrors_.back();
    memory_.mirrors_.pop_back();
    if (last == this) return;
    memory_.mirrors_[place_] = last;
    last->place_ = place_;
}

MemoryType Memory::type() const {
    MemoryType now = type_;
    now.limits.min = pages();
    return now;
}

}  // namespace linocut
