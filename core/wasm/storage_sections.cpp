// Tables, memories, globals.
#include "base/errors.hpp"
#include "wasm/const_expr_reader.hpp"
#include "wasm/features.hpp"
#include "wasm/limits.hpp"
#include "wasm/sections.hpp"
#include "wasm/type_reader.hpp"

namespace linocut {
namespace {

// 3.0's table with an initial value opens with a byte that no reference type has (§5.5.7).
constexpr uint8_t kTableWithInit = 0x40;

TableDef read_table(Reader& reader, Module& module) {
    Reader ahead = reader;
    if (ahead.u8() != kTableWithInit) return {read_table_type(reader), {}};
    const size_t offset = ahead.offset();
    if (ahead.u8() != 0) throw MalformedError("malformed table: expected 0x00 after 0x40", offset);
    reader = ahead;
    const TableType type = read_table_type(reader);
    return {type, ConstExprReader(reader, module).read(type.element)};
}

}  // namespace

void read_table_section(Reader& reader, Module& module) {
    const uint32_t count = limits::read_count(reader, "tables", limits::kTables, module.tables.size());
    for (uint32_t i = 0; i < count; i++) module.tables.push_back(read_table(reader, module));
}

void add_memory(Reader& reader, Module& module) {
    const size_t offset = reader.offset();
    const MemoryType type = read_memory_type(reader);
    if (!module.memories.empty()) throw unsupported(Feature::multi_memory, "a second memory", offset);
    module.memories.push_back(type);
}

void read_memory_section(Reader& reader, Module& module) {
    const uint32_t count = reader.u32();
    for (uint32_t i = 0; i < count; i++) add_memory(reader, module);
}

void read_global_section(Reader& reader, Module& module) {
    const uint32_t count = limits::read_count(reader, "globals", limits::kGlobals, module.globals.size());
    module.globals.reserve(module.globals.size() +
                           limits::credible(count, reader, 5));  // bytes of the shortest
    ConstExprReader expressions(reader, module);
    for (uint32_t i = 0; i < count; i++) {
        const GlobalType type = read_global_type(reader);
        module.globals.push_back({type, expressions.read(type.value)});
    }
}

}  // namespace linocut
