// Of what machine code calls (abi/helpers.h): the atomic operations that no instruction carries out.
#include "runtime/helper.hpp"
#include "runtime/waiters.hpp"

namespace linocut {

namespace {

// Where an operation works, or the trap that it is instead.
template <typename Value>
struct Location {
    Memory* memory;
    const Value* at = nullptr;
    LcHelperResult trap{};
};

template <typename Value>
Location<Value> find_place(LcContext* context, uint64_t address, uint64_t offset_memory) {
    Memory* const memory = instance_at(context).memory(second(offset_memory));
    uint64_t at;
    const bool wraps = __builtin_add_overflow(address, first(offset_memory), &at);
    if (at % sizeof(Value)) return {memory, nullptr, trap(TrapKind::UnalignedAtomic)};
    if (wraps || !memory->contains(at, sizeof(Value)))
        return {memory, nullptr, trap(TrapKind::OutOfBoundsMemory)};
    return {memory, reinterpret_cast<const Value*>(memory->base() + at)};
}

template <typename Value>
LcHelperResult wait(LcContext* context, uint64_t address, uint64_t expected, uint64_t timeout,
                    uint64_t offset_memory) {
    const Location<Value> found = find_place<Value>(context, address, offset_memory);
    if (!found.at) return found.trap;
    if (!found.memory->is_shared()) return trap(TrapKind::ExpectedSharedMemory);
    Woken how{};
    const Exit exit = wait_at(found.at, static_cast<Value>(expected), static_cast<int64_t>(timeout),
                              thread_of_context(context + 1), store_of_context(context + 1), how);
    if (exit != Exit::Done) return left_with(exit);
    return {static_cast<uint64_t>(how), 0};
}

}  // namespace

}  // namespace linocut

using namespace linocut;

extern "C" {

LINOCUT_HIDDEN LcHelperResult linocut_helper_atomic_notify(LcContext* context, uint64_t address,
                                                           uint64_t count, uint64_t offset_memory,
                                                           uint64_t) noexcept {
    const Location<uint32_t> found = find_place<uint32_t>(context, address, offset_memory);
    if (!found.at) return found.trap;
    return done(context, found.memory->is_shared() ? notify_at(found.at, static_cast<uint32_t>(count)) : 0);
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_atomic_wait32(LcContext* context, uint64_t address,
                                                           uint64_t expected, uint64_t timeout,
                                                           uint64_t offset_memory) noexcept {
    return wait<uint32_t>(context, address, expected, timeout, offset_memory);
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_atomic_wait64(LcContext* context, uint64_t address,
                                                           uint64_t expected, uint64_t timeout,
                                                           uint64_t offset_memory) noexcept {
    return wait<uint64_t>(context, address, expected, timeout, offset_memory);
}
}
