// The runtime functions that machine code calls (abi/helpers.h). Every access is checked here: a fault in C++
// is no trap. Sizes are 64 bits wide, so sums of what machine code passes are never formed.
#include <algorithm>
#include <cstring>

#include "runtime/helper.hpp"
#include "runtime/unwind.hpp"

namespace linocut {

namespace {

constexpr uint64_t kFailed32 = UINT32_MAX;

// A piece takes 30 µs in the cache, and a third of a millisecond where pages are touched for the first time.
constexpr uint64_t kPiece = uint64_t{1} << 20;
constexpr uint64_t kPieceElements = kPiece / sizeof(uint64_t);

// Handles `count` bytes or elements piece by piece, by act(at, count), and looks after each whether something
// waits. If it is left on the way, a part is done, as it would be by a loop. Nothing else enters the store
// meanwhile.
template <typename Act>
LcHelperResult in_pieces(LcContext* context, uint64_t count, uint64_t piece, Act act) {
    uint64_t at = 0;
    for (; count - at > piece; at += piece) {
        act(at, piece);
        if (const LcHelperResult left = done(context); left.status) [[unlikely]]
            return left;
    }
    act(at, count - at);
    return done(context);
}

// The same for a copy within one memory or table, from the end if what is read later would be overwritten.
template <typename Act>
LcHelperResult copy_in_pieces(LcContext* context, uint64_t to, uint64_t from, uint64_t count, uint64_t piece,
                              Act act) {
    const bool is_backward = to > from;
    return in_pieces(context, count, piece, [&](uint64_t at, uint64_t part) {
        const uint64_t offset = is_backward ? count - at - part : at;
        act(to + offset, from + offset, part);
    });
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
    Instance& instance = instance_at(context);
    const uint32_t data = first(data_memory), memory = second(data_memory);
    if (!instance.can_init_memory(memory, data, to, from, count)) return trap(TrapKind::OutOfBoundsMemory);
    return in_pieces(context, count, kPiece, [&](uint64_t at, uint64_t part) {
        instance.memory_init(memory, data, to + at, from + at, part);
    });
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
    return copy_in_pieces(context, to, from, count, kPiece, [&](uint64_t at, uint64_t of, uint64_t part) {
        std::memmove(target.base() + at, source.base() + of, part);
    });
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_memory_fill(LcContext* context, uint64_t to, uint64_t byte,
                                                         uint64_t count, uint64_t index) noexcept {
    Memory& memory = *instance_at(context).memory(first(index));
    if (!memory.contains(to, count)) return trap(TrapKind::OutOfBoundsMemory);
    return in_pieces(context, count, kPiece, [&](uint64_t at, uint64_t part) {
        std::memset(memory.base() + to + at, static_cast<uint8_t>(byte), part);
    });
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
    Instance& instance = instance_at(context);
    const uint32_t elem = first(elem_table), table = second(elem_table);
    if (!instance.can_init_table(table, elem, to, from, count)) return trap(TrapKind::OutOfBoundsTable);
    return in_pieces(context, count, kPieceElements, [&](uint64_t at, uint64_t part) {
        instance.table_init(table, elem, to + at, from + at, part);
    });
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
    const auto act = [&](uint64_t at, uint64_t of, uint64_t part) { target.copy(at, source, of, part); };
    return copy_in_pieces(context, to, from, count, kPieceElements, act);
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_table_grow(LcContext* context, uint64_t reference,
                                                        uint64_t count, uint64_t index, uint64_t) noexcept {
    Table& table = *instance_at(context).table(first(index));
    const auto old = table.make_room(count);
    if (!old) return done(context, or_failed(old, table.is64()));
    const LcHelperResult left = in_pieces(context, count, kPieceElements, [&](uint64_t at, uint64_t part) {
        table.fill(*old + at, reference, part);
    });
    if (left.status) return left;  // what is beyond the size was never there
    table.take_room(count);
    return {*old, 0};
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_table_fill(LcContext* context, uint64_t at, uint64_t reference,
                                                        uint64_t count, uint64_t index) noexcept {
    Table& table = *instance_at(context).table(first(index));
    if (!table.contains(at, count)) return trap(TrapKind::OutOfBoundsTable);
    return in_pieces(context, count, kPieceElements,
                     [&](uint64_t offset, uint64_t part) { table.fill(at + offset, reference, part); });
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_throw(LcContext* context, uint64_t tag, uint64_t, uint64_t,
                                                   uint64_t) noexcept {
    Thread& thread = thread_of_context(context + 1);
    const Tag* const thrown = instance_at(context).tag(first(tag));
    return left_with(
        throw_exception(thread, store_of_context(context + 1), thrown, context->argument_buffer, nullptr));
}

LINOCUT_HIDDEN LcHelperResult linocut_helper_throw_ref(LcContext* context, uint64_t exception, uint64_t,
                                                       uint64_t, uint64_t) noexcept {
    if (!exception) return trap(TrapKind::NullException);
    return left_with(throw_again(thread_of_context(context + 1), exception));
}
}
