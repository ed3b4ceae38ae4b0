// Types of externs: C++ ↔ the frozen values of linocut/types.py.
#pragma once

#include "bind/python.hpp"
#include "wasm/module.hpp"
#include "wasm/types.hpp"

namespace linocut::bind {

nb::object to_python(const FuncType& type);
nb::object to_python(const MemoryType& type);
nb::object to_python(const TableType& type);
nb::object to_python(const GlobalType& type);
nb::object tag_type_to_python(const FuncType& type);
// The type of what stands at `index` in the index space of its kind.
nb::object type_of(const Module& module, ExternKind kind, uint32_t index);

// Throw TypeError or ValueError when it is not such a type.
ValType val_type_from(nb::handle name);
FuncType func_type_from(nb::handle type);
GlobalType global_type_from(nb::handle type);
// With no results.
FuncType tag_type_from(nb::handle type);
// Whether addresses of that type have 64 bits.
bool is64_from(nb::handle address);
// 0 ≤ min ≤ max ≤ `most`, with None for no maximum.
Limits limits_from(nb::handle min, nb::handle max, uint64_t most);

}  // namespace linocut::bind
