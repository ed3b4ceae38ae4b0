#include "code/code_memory.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <new>
#include <span>
#include <utility>

#include <sys/mman.h>

#include "base/fork_lock.hpp"

namespace linocut {

namespace {

constexpr size_t kPage = 4096;
constexpr size_t kHugePage = size_t{2} << 20;

// Touching 2 MiB takes 0.07 ms as one page and 0.62 ms as 512 (EPYC, Linux 6.18): as much as 256 KiB in
// small pages. Twice that, because what is not needed of a huge page is memory lost for a while.
constexpr size_t kWorthHuge = size_t{512} << 10;

// Address space, not memory. The smallest of the small modules reserve 12 MiB (jit/compiler.cpp).
constexpr size_t kLargestDesk = size_t{16} << 20;

// Modules need not reach each other, so the reservation may be larger than a jump reaches.
constexpr size_t kLargest = size_t{32} << 30;
constexpr size_t kSmallest = size_t{16} << 20;

// Read in signal handlers; written once.
std::atomic<uintptr_t> space_base{0};
std::atomic<size_t> space_size{0};

// MADV_POPULATE_WRITE, of Linux 5.14, which older headers lack: several pages for the price of one fault.
constexpr int kPopulate = 23;

constexpr size_t round_up(size_t value, size_t to) { return (value + to - 1) & ~(to - 1); }

// The reservation and which pages of it are free.
class CodeSpace {
public:
    static CodeSpace& get() {
        // Never destroyed: regions may outlive static destructors.
        static CodeSpace* space = new CodeSpace;
        return *space;
    }

    // The whole desk, if it has `least` bytes; else nothing.
    std::span<uint8_t> take_desk(size_t least) {
        const std::lock_guard guard(lock_);
        if (desk_.size() < least) return {};
        return std::exchange(desk_, {});
    }

    // What was never written to becomes the desk, unless there is a larger one. Returns the one to be given back.
    std::span<uint8_t> offer_desk(std::span<uint8_t> clean) {
        const std::lock_guard guard(lock_);
        if (clean.size() > desk_.size() && clean.size() <= kLargestDesk) std::swap(clean, desk_);
        return clean;
    }

    uint8_t* take(size_t size) {
        const std::lock_guard guard(lock_);
        const size_t align = size >= kHugePage ? kHugePage : kPage;
        for (auto range = free_.begin(); range != free_.end(); ++range) {
            const uintptr_t at = round_up(range->first, align);
            if (at + size <= range->first + range->second) {
                cut(range, at, size);
                return reinterpret_cast<uint8_t*>(at);
            }
        }
        throw std::bad_alloc();
    }

    // The mapping is replaced, not just protected: that gives back the pages, forgets the advice on huge
    // pages, and lets the kernel merge the range with its free neighbours.
    void give_back(uint8_t* base, size_t size) {
        mmap(base, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
        const std::lock_guard guard(lock_);
        uintptr_t at = reinterpret_cast<uintptr_t>(base);
        auto next = free_.lower_bound(at);
        if (next != free_.begin()) {
            const auto before = std::prev(next);
            if (before->first + before->second == at) {
                at = before->first;
                size += before->second;
                free_.erase(before);
            }
        }
        if (next != free_.end() && at + size == next->first) {
            size += next->second;
            free_.erase(next);
        }
        free_[at] = size;
    }

private:
    using Ranges = std::map<uintptr_t, size_t>;

    // Where address space is scarce (ulimit -v) a smaller reservation has to do.
    CodeSpace() {
        for (size_t size = kLargest; size >= kSmallest; size /= 2) {
            void* at = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            if (at == MAP_FAILED) continue;
            const uintptr_t base = reinterpret_cast<uintptr_t>(at);
            free_[base] = size;
            space_base.store(base, std::memory_order_relaxed);
            space_size.store(size, std::memory_order_release);
            return;
        }
    }

    void cut(Ranges::iterator range, uintptr_t at, size_t size) {
        const uintptr_t start = range->first;
        const uintptr_t end = start + range->second;
        free_.erase(range);
        if (start < at) free_[start] = at - start;
        if (at + size < end) free_[at + size] = end - (at + size);
    }

    ForkLock lock_;
    Ranges free_;  // start → size
    // Writable and never written to: what a region had too much, for the next one. That spares small modules
    // two system calls each.
    std::span<uint8_t> desk_;
};

}  // namespace

CodeRegion::CodeRegion(size_t least, size_t most, size_t expected) : is_small_(expected < kWorthHuge) {
    CodeSpace& space = CodeSpace::get();
    if (is_small_) {
        const std::span<uint8_t> desk = space.take_desk(least);
        base_ = desk.data();
        size_ = desk.size();
    }
    if (!base_) {
        size_ = round_up(std::max(most, kPage), kPage);
        base_ = space.take(size_);
        if (mprotect(base_, size_, PROT_READ | PROT_WRITE) != 0) {
            space.give_back(std::exchange(base_, nullptr), size_);
            throw std::bad_alloc();
        }
    }
    if (is_small_)
        madvise(base_, std::min(round_up(expected, kPage), size_), kPopulate);
    else
        madvise(base_, size_, MADV_HUGEPAGE);
}

CodeRegion::~CodeRegion() {
    if (base_) CodeSpace::get().give_back(base_, size_);
}

CodeRegion::CodeRegion(CodeRegion&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      is_small_(other.is_small_) {}

CodeRegion& CodeRegion::operator=(CodeRegion&& other) noexcept {
    std::swap(base_, other.base_);
    std::swap(size_, other.size_);
    std::swap(is_small_, other.is_small_);
    return *this;
}

void CodeRegion::shrink(size_t bytes, bool rest_is_clean) {
    const size_t keep = round_up(bytes ? bytes : 1, kPage);
    if (!base_ || keep >= size_) return;
    std::span<uint8_t> rest(base_ + keep, size_ - keep);
    if (is_small_ && rest_is_clean) rest = CodeSpace::get().offer_desk(rest);
    if (!rest.empty()) CodeSpace::get().give_back(rest.data(), rest.size());
    size_ = keep;
}

void CodeRegion::protect() {
    if (base_ && mprotect(base_, size_, PROT_READ | PROT_EXEC) != 0) throw std::bad_alloc();
}

bool is_machine_code(uintptr_t pc) {
    return pc - space_base.load(std::memory_order_relaxed) < space_size.load(std::memory_order_relaxed);
}

}  // namespace linocut
