#include "code/code_memory.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include <sys/mman.h>

#include "base/fork_lock.hpp"
#include "base/out_of_memory.hpp"

namespace linocut {

namespace {

constexpr size_t kPage = 4096;
constexpr size_t kHugePage = size_t{2} << 20;

// Touching 2 MiB takes 0.07 ms as one page and 0.62 ms as 512 (EPYC, Linux 6.18): as much as 256 KiB in
// small pages. Twice that, because the unneeded part of a huge page is lost for a while.
constexpr size_t kWorthHuge = size_t{512} << 10;

// Address space, not memory. The smallest of the small modules reserve 12 MiB (jit/compiler.cpp).
constexpr size_t kLargestDesk = size_t{16} << 20;

// What is kept of small modules that are gone.
constexpr size_t kMostWarm = size_t{256} << 10;

// Modules need not reach each other, so the reservation may be larger than a jump reaches.
constexpr size_t kLargest = size_t{32} << 30;
constexpr size_t kSmallest = size_t{16} << 20;

// Read in signal handlers; written once.
std::atomic<uintptr_t> space_base{0};
std::atomic<size_t> space_size{0};

// MADV_POPULATE_WRITE, from Linux 5.14, which older headers lack: several pages for the price of one fault.
constexpr int kPopulate = 23;

constexpr size_t round_up(size_t value, size_t to) { return (value + to - 1) & ~(to - 1); }

// Writable, for the next small region: what the one before had to spare, and then had no more need of. That spares small
// modules system calls.
struct Desk {
    uint8_t* base = nullptr;
    size_t size = 0;
    size_t warm = 0;  // so many bytes at its beginning have been written to
};

// The reservation and which pages of it are free.
class CodeSpace {
public:
    static CodeSpace& get() {
        // Never destroyed: regions may outlive static destructors.
        static CodeSpace* space = new CodeSpace;
        return *space;
    }

    // The whole desk, if it has `least` bytes; else nothing.
    Desk take_desk(size_t least) {
        const std::lock_guard guard(lock_);
        if (desk_.size < least) return {};
        return std::exchange(desk_, {});
    }

    // It becomes the desk, unless there is a larger one. Returns the one to be given back.
    Desk offer_desk(Desk desk) {
        const std::lock_guard guard(lock_);
        if (desk.size > desk_.size && desk.size <= kLargestDesk) std::swap(desk, desk_);
        return desk;
    }

    // A small region right before the desk becomes a part of it, pages and all, which the next small module then
    // need not have made. False: it does not.
    bool take_back(uint8_t* base, size_t size) noexcept {
        const std::lock_guard guard(lock_);
        if (base + size != desk_.base || desk_.warm + size > kMostWarm || desk_.size + size > kLargestDesk)
            return false;
        if (mprotect(base, size, PROT_READ | PROT_WRITE) != 0) return false;
        desk_ = {base, desk_.size + size, desk_.warm + size};
        return true;
    }

    // Notes for a new region that it may be given back, in pieces; doing so then needs no memory. Each region
    // and the desk end at most one free range.
    void expect_region() {
        const std::lock_guard guard(lock_);
        if (free_.capacity() < regions_ + 4) free_.reserve(2 * regions_ + 4);
        regions_++;
    }
    void forget_region() {
        const std::lock_guard guard(lock_);
        regions_--;
    }

    uint8_t* take(size_t size) {
        const std::lock_guard guard(lock_);
        const size_t align = size >= kHugePage ? kHugePage : kPage;
        for (size_t i = 0; i < free_.size(); i++) {
            const uintptr_t at = round_up(free_[i].start, align);
            if (at + size > free_[i].end()) continue;
            cut(i, at, size);
            return reinterpret_cast<uint8_t*>(at);
        }
        throw OutOfMemory(
            "no room for %zu KiB of machine code: %zu modules hold some of the %zu MiB there are", size >> 10,
            regions_ - 1, space_size.load(std::memory_order_relaxed) >> 20);
    }

    // The mapping is replaced, not just protected: that gives back the pages, forgets the advice on huge
    // pages, and lets the kernel merge the range with its free neighbours. Where that takes one mapping too
    // many, the range stays out of use.
    void give_back(uint8_t* base, size_t size) noexcept {
        const Range range{reinterpret_cast<uintptr_t>(base), size};
        const std::lock_guard guard(lock_);
        const Range cleared = widened(range);
        void* clean = mmap(reinterpret_cast<void*>(cleared.start), cleared.size, PROT_NONE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
        if (clean == MAP_FAILED) {
            madvise(base, size, MADV_DONTNEED);
            return;
        }
        add_free(range);
    }

private:
    struct Range {
        uintptr_t start;
        size_t size;
        uintptr_t end() const { return start + size; }
    };

    // Where address space is scarce (ulimit -v) a smaller reservation has to do.
    CodeSpace() {
        for (size_t size = kLargest; size >= kSmallest; size /= 2) {
            void* at = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            if (at == MAP_FAILED) continue;
            const uintptr_t base = reinterpret_cast<uintptr_t>(at);
            free_.push_back({base, size});
            space_base.store(base, std::memory_order_relaxed);
            space_size.store(size, std::memory_order_release);
            return;
        }
    }

    void cut(size_t index, uintptr_t at, size_t size) {
        const Range range = free_[index];
        free_.erase(free_.begin() + static_cast<ptrdiff_t>(index));
        if (range.start < at) add_free({range.start, at - range.start});
        if (at + size < range.end()) add_free({at + size, range.end() - (at + size)});
    }

    // With what is free beside it in the same huge pages. A huge page of which a part was given back before has
    // become small ones, listed in a table of the kernel's; only when all of it is replaced at once the table
    // goes, and a huge page may come there again.
    Range widened(Range range) const noexcept {
        uintptr_t start = range.start, end = range.end();
        const auto next = std::ranges::lower_bound(free_, start, {}, &Range::start);
        if (next != free_.end() && next->start == end) end = std::min(next->end(), round_up(end, kHugePage));
        if (next != free_.begin() && std::prev(next)->end() == start)
            start = std::max(std::prev(next)->start, start & ~(kHugePage - 1));
        return {start, end - start};
    }

    // Merges with the neighbours.
    void add_free(Range range) noexcept {
        auto next = std::ranges::lower_bound(free_, range.start, {}, &Range::start);
        if (next != free_.end() && range.end() == next->start) {
            range.size += next->size;
            next = free_.erase(next);
        }
        if (next != free_.begin() && std::prev(next)->end() == range.start)
            std::prev(next)->size += range.size;
        else
            free_.insert(next, range);
    }

    ForkLock lock_;
    std::vector<Range> free_;  // ascending, with room for what expect_region() says
    size_t regions_ = 0;
    Desk desk_;
};

}  // namespace

CodeRegion::CodeRegion(size_t least, size_t most, size_t expected) : is_small_(expected < kWorthHuge) {
    CodeSpace::get().expect_region();
    try {
        take(least, most);
    } catch (...) {
        CodeSpace::get().forget_region();
        throw;
    }
    if (!is_small_) {
        madvise(base_, size_, MADV_HUGEPAGE);
        return;
    }
    const size_t wanted = std::min(round_up(expected, kPage), size_);
    if (wanted > warm_) madvise(base_ + warm_, wanted - warm_, kPopulate);
}

void CodeRegion::take(size_t least, size_t most) {
    CodeSpace& space = CodeSpace::get();
    if (is_small_) {
        const Desk desk = space.take_desk(least);
        base_ = desk.base;
        size_ = desk.size;
        warm_ = desk.warm;
    }
    if (base_) return;
    size_ = round_up(std::max(most, kPage), kPage);
    base_ = space.take(size_);
    if (mprotect(base_, size_, PROT_READ | PROT_WRITE) == 0) return;
    const int reason = errno;
    space.give_back(std::exchange(base_, nullptr), size_);
    throw OutOfMemory("cannot have %zu KiB for machine code (%s)", size_ >> 10, std::strerror(reason));
}

CodeRegion::~CodeRegion() {
    if (!base_) return;
    CodeSpace& space = CodeSpace::get();
    if (!is_small_ || !space.take_back(base_, size_)) space.give_back(base_, size_);
    space.forget_region();
}

CodeRegion::CodeRegion(CodeRegion&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      warm_(other.warm_),
      is_small_(other.is_small_) {}

CodeRegion& CodeRegion::operator=(CodeRegion&& other) noexcept {
    std::swap(base_, other.base_);
    std::swap(size_, other.size_);
    std::swap(warm_, other.warm_);
    std::swap(is_small_, other.is_small_);
    return *this;
}

void CodeRegion::shrink(size_t bytes, bool rest_is_clean) {
    const size_t keep = round_up(bytes ? bytes : 1, kPage);
    if (!base_ || keep >= size_) return;
    Desk rest{base_ + keep, size_ - keep, warm_ > keep ? warm_ - keep : 0};
    if (is_small_ && rest_is_clean) rest = CodeSpace::get().offer_desk(rest);
    if (rest.size) CodeSpace::get().give_back(rest.base, rest.size);
    size_ = keep;
}

void CodeRegion::protect() {
    if (base_ && mprotect(base_, size_, PROT_READ | PROT_EXEC) != 0)
        throw OutOfMemory("cannot make %zu KiB of machine code executable (%s)", size_ >> 10,
                          std::strerror(errno));
}

bool is_machine_code(uintptr_t pc) {
    return pc - space_base.load(std::memory_order_relaxed) < space_size.load(std::memory_order_relaxed);
}

}  // namespace linocut
