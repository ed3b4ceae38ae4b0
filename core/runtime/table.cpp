#include "runtime/table.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/out_of_memory.hpp"
#include "runtime/store.hpp"

namespace linocut {

Table::Table(Store* store, const TableType& type, uint64_t init) : store(store), type_(type) {
    const uint64_t size = type.limits.min;
    if (size > kMostElements)
        throw OutOfMemory("a table of %llu elements: an implementation may have %llu at most",
                          static_cast<unsigned long long>(size),
                          static_cast<unsigned long long>(kMostElements));
    if (!reserve(size))
        throw OutOfMemory("no memory for a table of %llu elements (%llu MiB)",
                          static_cast<unsigned long long>(size),
                          static_cast<unsigned long long>(size * sizeof(uint64_t) >> 20));
    view_.size = size;
    std::fill_n(view_.elements, size, init);
}

Table::~Table() { std::free(view_.elements); }

std::optional<uint64_t> Table::grow(uint64_t count, uint64_t init) {
    const auto old = make_room(count);
    if (!old) return {};
    std::fill_n(view_.elements + *old, count, init);
    take_room(count);
    return old;
}

std::optional<uint64_t> Table::make_room(uint64_t count) {
    const uint64_t old = view_.size;
    const uint64_t allowed = std::min(kMostElements, store->limits.table);
    const uint64_t max = std::min(type_.limits.max.value_or(kMostElements), allowed);
    if (count > max || old > max - count || !reserve(old + count)) return {};
    return old;
}

void Table::fill(uint64_t at, uint64_t reference, uint64_t count) {
    std::fill_n(view_.elements + at, count, reference);
}

void Table::copy(uint64_t to, const Table& source, uint64_t from, uint64_t count) {
    if (count) std::memmove(view_.elements + to, source.view_.elements + from, count * sizeof(uint64_t));
}

// Elements may move: machine code finds them through the view each time.
bool Table::reserve(uint64_t size) {
    if (size <= capacity_) return true;
    const uint64_t capacity = std::max(size, capacity_ + capacity_ / 2);
    void* elements = std::realloc(view_.elements, capacity * sizeof(uint64_t));
    if (!elements) return false;
    view_.elements = static_cast<uint64_t*>(elements);
    capacity_ = capacity;
    return true;
}

TableType Table::type() const {
    TableType now = type_;
    now.limits.min = view_.size;
    return now;
}

}  // namespace linocut
