// Canonical ids: equal function types have equal ids in the whole process, so call_indirect and linking
// compare one word. Equality is structural today; with recursion groups (3.0) only this file changes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wasm/types.hpp"

namespace linocut {

// Thread-safe. Types are never forgotten: programs use few, and an id may live on in any table.
uint32_t canonical_id(const FuncType& type);
std::vector<uint32_t> canonical_ids(std::span<const FuncType> types);

// The type behind an id; the reference stays valid.
const FuncType& canonical_type(uint32_t id);

}  // namespace linocut
