#include "runtime/reservation.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

#include <sys/mman.h>
#include <sys/resource.h>

#include "base/fork_lock.hpp"
#include "base/out_of_memory.hpp"

namespace linocut {

namespace {

constexpr uint64_t kPage = 4096;

// A 32-bit index plus a 32-bit offset plus the widest access stays below this.
constexpr uint64_t kGuarded = (uint64_t{1} << 33) + (uint64_t{64} << 10);

// Below this much address space explicit checks pay more than guard regions: it holds ten memories.
constexpr uint64_t kScarce = uint64_t{100} << 30;

// What is reserved for growth beyond the first size, where 8 GiB are too much or not enough.
constexpr uint64_t kRoomWhenScarce = uint64_t{256} << 20, kRoom = uint64_t{64} << 30;

// Address space costs nothing where there is enough: then the guard covers every offset that an instruction has room
// for.
constexpr uint64_t kGuardWhenScarce = uint64_t{64} << 10, kGuard = (uint64_t{2} << 30) + kGuardWhenScarce;

// Idle reservations kept for the next memory; a fresh one costs 20 µs, a recycled one a tenth of it.
constexpr size_t kPooled = 32;

// For the fault handler: slots are claimed and freed under the lock, and read without it.
struct Slot {
    std::atomic<uintptr_t> base;
    std::atomic<uint64_t> size;
};
constexpr size_t kSlots = 16384;  // more 8 GiB reservations than fit in 47 bits of address space
Slot slots[kSlots];
std::atomic<size_t> slots_used{0};

struct Free {
    uint8_t* base;
    uint64_t accessible;
    size_t slot;
};

// It has a fixed size, so that giving back needs no memory.
struct Pool {
    ForkLock lock;
    Free idle[kPooled];
    size_t idle_count = 0;
    uint16_t free_slots[kSlots];
    size_t free_slot_count = 0;

    static Pool& get() {
        static Pool* pool = new Pool;
        return *pool;
    }
};

uint8_t* map(uint64_t size) {
    void* at = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? nullptr : static_cast<uint8_t*>(at);
}

bool decide_explicit_bounds() {
    rlimit limit{};
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < kScarce)
        return true;
    uint8_t* probe = map(2 * kGuarded);
    if (probe) munmap(probe, 2 * kGuarded);
    return !probe;
}

size_t claim_slot(uint8_t* base, uint64_t size) {
    Pool& pool = Pool::get();
    const std::lock_guard guard(pool.lock);
    size_t slot = slots_used.load(std::memory_order_relaxed);
    if (pool.free_slot_count) slot = pool.free_slots[--pool.free_slot_count];
    if (slot == kSlots) return kSlots;
    slots[slot].size.store(size, std::memory_order_relaxed);
    slots[slot].base.store(reinterpret_cast<uintptr_t>(base), std::memory_order_release);
    if (slot >= slots_used.load(std::memory_order_relaxed))
        slots_used.store(slot + 1, std::memory_order_release);
    return slot;
}

void free_slot(size_t slot) {
    Pool& pool = Pool::get();
    const std::lock_guard guard(pool.lock);
    slots[slot].size.store(0, std::memory_order_relaxed);
    pool.free_slots[pool.free_slot_count++] = static_cast<uint16_t>(slot);
}

bool take_idle(Free& found) {
    Pool& pool = Pool::get();
    const std::lock_guard guard(pool.lock);
    if (!pool.idle_count) return false;
    found = pool.idle[--pool.idle_count];
    return true;
}

bool keep_idle(const Free& free) {
    Pool& pool = Pool::get();
    const std::lock_guard guard(pool.lock);
    if (pool.idle_count == kPooled) return false;
    pool.idle[pool.idle_count++] = free;
    return true;
}

// Memories that are alive.
size_t count_live() {
    Pool& pool = Pool::get();
    const std::lock_guard guard(pool.lock);
    return slots_used.load(std::memory_order_relaxed) - pool.free_slot_count - pool.idle_count;
}

[[noreturn]] void fail_to_reserve(uint64_t size, const char* reason) {
    throw OutOfMemory("cannot reserve %llu MiB of address space for a memory (%s); %zu memories are alive",
                      static_cast<unsigned long long>(size >> 20), reason, count_live());
}

// Maps as much as there is, between the two sizes.
uint8_t* map_some(uint64_t least, uint64_t& size) {
    for (;;) {
        uint8_t* base = map(size);
        if (base || size <= least) return base;
        size = std::max(least, size / 2 & ~(kPage - 1));
    }
}

constexpr uint64_t round_up(uint64_t value) { return (value + kPage - 1) & ~(kPage - 1); }

}  // namespace

bool explicit_bounds() {
    static const bool decided = decide_explicit_bounds();
    return decided;
}

uint64_t guard_bytes() { return explicit_bounds() ? kGuardWhenScarce : kGuard; }

Reservation::Reservation(uint64_t accessible, uint64_t wanted) {
    Free idle{};
    if (explicit_bounds() || wanted > kGuarded - kGuard) {
        const uint64_t room = explicit_bounds() ? kRoomWhenScarce : kRoom;
        const uint64_t least = round_up(accessible) + guard_bytes();
        size_ = std::clamp(round_up(wanted) + guard_bytes(), least, least + room);
        base_ = map_some(least, size_);
    } else if (take_idle(idle)) {
        base_ = idle.base;
        size_ = kGuarded;
        accessible_ = idle.accessible;
        slot_ = idle.slot;
    } else {
        size_ = kGuarded;
        base_ = map(size_);
    }
    if (!base_) fail_to_reserve(size_, std::strerror(errno));
    if (!idle.base) {
        slot_ = claim_slot(base_, size_);
        if (slot_ == kSlots) {
            munmap(base_, size_);
            fail_to_reserve(size_, "there is room for no more");
        }
    }
    const uint64_t needed = round_up(accessible);
    const bool ready = needed >= accessible_ ? extend(accessible)
                                             : mprotect(base_ + needed, accessible_ - needed, PROT_NONE) == 0;
    if (!ready) {
        const int reason = errno;
        release();
        throw OutOfMemory("cannot have %llu KiB of memory (%s); %zu memories are alive",
                          static_cast<unsigned long long>(needed >> 10), std::strerror(reason), count_live());
    }
    accessible_ = needed;
}

Reservation::~Reservation() {
    if (base_) release();
}

Reservation::Reservation(Reservation&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)),
      size_(other.size_),
      accessible_(other.accessible_),
      slot_(other.slot_) {}

Reservation& Reservation::operator=(Reservation&& other) noexcept {
    std::swap(base_, other.base_);
    std::swap(size_, other.size_);
    std::swap(accessible_, other.accessible_);
    std::swap(slot_, other.slot_);
    return *this;
}

bool Reservation::extend(uint64_t accessible) {
    const uint64_t needed = round_up(accessible);
    if (needed > size_ - guard_bytes()) return false;
    if (needed <= accessible_) return true;
    if (mprotect(base_ + accessible_, needed - accessible_, PROT_READ | PROT_WRITE) != 0) return false;
    accessible_ = needed;
    return true;
}

// MADV_DONTNEED makes the pages zeros again; where it is refused (locked pages) nothing is recycled.
void Reservation::release() {
    const bool recycle =
        size_ == kGuarded && (!accessible_ || madvise(base_, accessible_, MADV_DONTNEED) == 0);
    if (!recycle || !keep_idle({base_, accessible_, slot_})) {
        free_slot(slot_);
        munmap(base_, size_);
    }
    base_ = nullptr;
}

bool is_linear_memory(uintptr_t address) {
    const size_t used = slots_used.load(std::memory_order_acquire);
    for (size_t i = 0; i < used; i++) {
        const uintptr_t base = slots[i].base.load(std::memory_order_relaxed);
        if (address - base < slots[i].size.load(std::memory_order_relaxed)) return true;
    }
    return false;
}

}  // namespace linocut
