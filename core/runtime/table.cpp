#include "runtime/table.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace linocut {

namespace {

// The JS-API's implementation limit.
constexpr uint64_t kMaxElements = 10'000'000;

}  // namespace

Table::Table(Store* store, const TableType& type, uint64_t init) : store(store), type_(type) {
    if (!resize(type.limits.min)) throw std::bad_alloc();
    std::fill_n(view_.elements, view_.size, init);
}

Table::~Table() { std::free(view_.elements); }

std::optional<uint64_t> Table::grow(uint64_t count, uint64_t init) {
    const uint64_t old = view_.size;
    const uint64_t max = std::min(type_.limits.max.value_or(kMaxElements), kMaxElements);
    if (count > max || old > max - count || !resize(old + count)) return {};
    std::fill_n(view_.elements + old, count, init);
    return old;
}

void Table::fill(uint64_t at, uint64_t reference, uint64_t count) {
    std::fill_n(view_.elements + at, count, reference);
}

void Table::copy(uint64_t to, const Table& source, uint64_t from, uint64_t count) {
    if (count) std::memmove(view_.elements + to, source.view_.elements + from, count * sizeof(uint64_t));
}

// Elements may move: machine code finds them through the view each time.
bool Table::resize(uint64_t size) {
    if (size > kMaxElements) return false;
    if (size > capacity_) {
        const uint64_t capacity = std::max(size, capacity_ + capacity_ / 2);
        void* elements = std::realloc(view_.elements, capacity * sizeof(uint64_t));
        if (!elements) return false;
        view_.elements = static_cast<uint64_t*>(elements);
        capacity_ = capacity;
    }
    view_.size = size;
    return true;
}

TableType Table::type() const {
    TableType now = type_;
    now.limits.min = view_.size;
    return now;
}

}  // namespace linocut
