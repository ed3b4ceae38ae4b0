// Function types by number: equal types have equal ids in the whole process, so that call_indirect and
// linking compare one word. Equality is structural today; with recursion groups (3.0) only this file changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "code/signature.hpp"
#include "wasm/types.hpp"

namespace linocut {

// The ids of some types, held: until this goes they mean these types and no others. A module holds those of
// its types, a host function its own; every function reference belongs to one of the two, so that no id is
// given to another type while something can compare with it.
class TypeIds {
public:
    TypeIds() = default;
    explicit TypeIds(std::span<const FuncType> types);
    ~TypeIds();
    TypeIds(TypeIds&& other) noexcept = default;
    TypeIds& operator=(TypeIds&& other) noexcept;
    TypeIds(const TypeIds&) = delete;
    TypeIds& operator=(const TypeIds&) = delete;

    uint32_t operator[](size_t index) const { return ids_[index]; }
    std::span<const uint32_t> all() const { return ids_; }

private:
    std::vector<uint32_t> ids_;
};

// The signature of the type with that id; valid while somebody holds the id. Made on first use.
const Signature& signature_of(uint32_t id);

// For tests: how many types there are, and how many of them the longest search compares.
struct TypeCount {
    size_t types;
    size_t longest_search;
};
TypeCount count_types();

}  // namespace linocut
