#include "runtime/memory.hpp"

#include <algorithm>

#include "base/fork_lock.hpp"
#include "base/out_of_memory.hpp"

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

}  // namespace

Memory::Memory(Store* store, const MemoryType& type)
    : store(store), type_(type), reservation_(first_bytes(type), max_pages(type) << type.page_shift) {
    view_ = {reservation_.base(), first_bytes(type), type.limits.min};
}

std::optional<uint64_t> Memory::grow(uint64_t pages) {
    if (!is_shared()) return extend(pages);
    static ForkLock& growth =
        *new ForkLock;  // of all shared memories: it is rare, and a lock of each would not be less
    const std::lock_guard guard(growth);
    return extend(pages);
}

// Other threads may use what is told to be there at once: so the bytes are there before.
std::optional<uint64_t> Memory::extend(uint64_t pages) {
    const uint64_t old = view_.pages;
    if (pages > max_pages(type_) || old > max_pages(type_) - pages) return {};
    const uint64_t bytes = (old + pages) << type_.page_shift;
    if (!reservation_.extend(bytes)) return {};
    __atomic_store_n(&view_.bytes, bytes, __ATOMIC_RELEASE);
    __atomic_store_n(&view_.pages, old + pages, __ATOMIC_RELEASE);
    return old;
}

MemoryType Memory::type() const {
    MemoryType now = type_;
    now.limits.min = pages();
    return now;
}

}  // namespace linocut
