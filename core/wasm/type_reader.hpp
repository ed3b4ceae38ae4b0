// Reads types (§5.3). Nothing here depends on the module that they stand in.
#pragma once

#include "base/leb128.hpp"
#include "wasm/types.hpp"

namespace linocut {

ValType read_value_type(Reader& reader);
ValType read_reference_type(Reader& reader);
// What ref.null names: a heap type, given as the reference type that it makes.
ValType read_heap_type(Reader& reader);
FuncType read_function_type(Reader& reader);
TableType read_table_type(Reader& reader);
MemoryType read_memory_type(Reader& reader);
GlobalType read_global_type(Reader& reader);

}  // namespace linocut
