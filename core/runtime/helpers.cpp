// The runtime functions that machine code calls (abi/helpers.h). Every access is checked here: a fault in C++
// is no trap. Sizes are 64 bits wide, so sums of what machine code passes are never formed.
#include <algorithm>
#include <cstring>

#include "code/stubs.hpp"
#include "context.h"
#include "runtime/context.hpp"
#include "runtime/interrupts.hpp"

namespace linocut {

namespace {

constexpr uint64_t kFailed32 = UINT32_MAX;

Instance& instance_at(LcContext* context) { return *static_cast<Instance*>(context->instance); }

uint32_t first(uint64_t immediates) { return static_cast<uint32_t>(immediates); }
uint32_t second(uint64_t immediates) { return static_cast<uint32_t>(immediates >> 32); }

LcHelperResult trap(TrapKind kind) { return {0, 1 + static_cast<uint64_t>(kind)}; }

// Bulk operations may take long, and a loop of them hardly ever shows the ticker a pc in machine code.
LcHelperResult done(LcContext* context, uint64_t value = 0) {
    Thread& thread = thread_of_context(context + 1);
    if (!thread.pending.load(std::memory_order_relaxed)) [[likely]]
        return {value, 0};
    const Exit exit = poll(thread, store_of_context(context + 1));
    return {value, exit == Exit::Done ? 0 : kHelperExit + static_cast<uint64_t>(exit)};
}

uint64_t or_failed(std::optional<uint64_t> value, bool is64) {
    return value.value_or(is64 ? UINT64_MAX : kFailed32);
}

}  // namespace

}  // namespace linocut

using namespace linocut;

extern "C" {

LINOCUT_HIDDEN LcHelperResult linocut_helper_memory_grow(LcContext* context, uint64_t pages, uint64_t index,
                                                         uint64_t, uint64_t) noexcept {
    Memory& memory = *instance_at(context).memory(first(index));
    return done(context, or_failed(memory.grow(pages), memory.is64()));
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_memory_init(LcContext* context, uint64_t to, uint64_t from,
                                                         uint64_t count, uint64_t data_memory) noexcept {
    const bool ok =
        instance_at(context).memory_init(second(data_memory), first(data_memory), to, from, count);
    return ok ? done(context) : trap(TrapKind::OutOfBoundsMemory);
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_data_drop(LcContext* context, uint64_t data, uint64_t, uint64_t,
                                                       uint64_t) noexcept {
    instance_at(context).drop_data(first(data));
    return {0, 0};
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_memory_copy(LcContext* context, uint64_t to, uint64_t from,
                                                         uint64_t count, uint64_t memories) noexcept {
    Memory& target = *instance_at(context).memory(first(memories));
    Memory& source = *instance_at(context).memory(second(memories));
    if (!target.contains(to, count) || !source.contains(from, count))
        return trap(TrapKind::OutOfBoundsMemory);
    std::memmove(target.base() + to, source.base() + from, count);
    return done(context);
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_memory_fill(LcContext* context, uint64_t to, uint64_t byte,
                                                         uint64_t count, uint64_t index) noexcept {
    Memory& memory = *instance_at(context).memory(first(index));
    if (!memory.contains(to, count)) return trap(TrapKind::OutOfBoundsMemory);
    std::memset(memory.base() + to, static_cast<uint8_t>(byte), count);
    return done(context);
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_table_get(LcContext* context, uint64_t at, uint64_t index,
                                                       uint64_t, uint64_t) noexcept {
    const Table& table = *instance_at(context).table(first(index));
    if (at >= table.size()) return trap(TrapKind::OutOfBoundsTable);
    return {table.get(at), 0};
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_table_set(LcContext* context, uint64_t at, uint64_t reference,
                                                       uint64_t index, uint64_t) noexcept {
    Table& table = *instance_at(context).table(first(index));
    if (at >= table.size()) return trap(TrapKind::OutOfBoundsTable);
    table.set(at, reference);
    return {0, 0};
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_table_init(LcContext* context, uint64_t to, uint64_t from,
                                                        uint64_t count, uint64_t elem_table) noexcept {
    const bool ok = instance_at(context).table_init(second(elem_table), first(elem_table), to, from, count);
    return ok ? done(context) : trap(TrapKind::OutOfBoundsTable);
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_elem_drop(LcContext* context, uint64_t elem, uint64_t, uint64_t,
                                                       uint64_t) noexcept {
    instance_at(context).drop_elem(first(elem));
    return {0, 0};
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_table_copy(LcContext* context, uint64_t to, uint64_t from,
                                                        uint64_t count, uint64_t tables) noexcept {
    Table& target = *instance_at(context).table(first(tables));
    const Table& source = *instance_at(context).table(second(tables));
    if (!target.contains(to, count) || !source.contains(from, count)) return trap(TrapKind::OutOfBoundsTable);
    target.copy(to, source, from, count);
    return done(context);
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_table_grow(LcContext* context, uint64_t reference,
                                                        uint64_t count, uint64_t index, uint64_t) noexcept {
    Table& table = *instance_at(context).table(first(index));
    return done(context, or_failed(table.grow(count, reference), table.is64()));
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_table_fill(LcContext* context, uint64_t at, uint64_t reference,
                                                        uint64_t count, uint64_t index) noexcept {
    Table& table = *instance_at(context).table(first(index));
    if (!table.contains(at, count)) return trap(TrapKind::OutOfBoundsTable);
    table.fill(at, reference, count);
    return done(context);
}
}
