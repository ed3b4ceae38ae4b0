// Tables (§4.2.7): every element is one word, 0 = null.
#pragma once

#include <cstdint>
#include <optional>

#include "context.h"
#include "wasm/types.hpp"

namespace linocut {

class Store;

class Table {
public:
    // The JS-API's implementation limit.
    static constexpr uint64_t kMostElements = 10'000'000;

    Table(Store* store, const TableType& type, uint64_t init);
    ~Table();
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    uint64_t size() const { return view_.size; }
    uint64_t get(uint64_t index) const { return view_.elements[index]; }  // index < size()
    void set(uint64_t index, uint64_t reference) { view_.elements[index] = reference; }
    // The ranges must lie within the table, or in room that was made.
    void fill(uint64_t at, uint64_t reference, uint64_t count);
    void copy(uint64_t to, const Table& source, uint64_t from, uint64_t count);
    // Nothing when it would exceed the maximum or memory runs out, else the old size.
    std::optional<uint64_t> grow(uint64_t count, uint64_t init);
    // Growing in steps: room behind the elements, which somebody fills, then belongs to the table.
    std::optional<uint64_t> make_room(uint64_t count);
    void take_room(uint64_t count) { view_.size += count; }
    bool contains(uint64_t at, uint64_t count) const { return at <= size() && count <= size() - at; }
    bool is64() const { return type_.is64; }
    ValType element() const { return type_.element; }
    // Its type now: the minimum is the current size.
    TableType type() const;
    LcTable* view() { return &view_; }

    Store* store;

private:
    bool reserve(uint64_t size);

    TableType type_;
    uint64_t capacity_ = 0;
    LcTable view_{};
};

}  // namespace linocut
