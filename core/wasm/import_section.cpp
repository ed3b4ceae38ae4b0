#include <string>

#include "base/errors.hpp"
#include "base/hex.hpp"
#include "wasm/features.hpp"
#include "wasm/index_space.hpp"
#include "wasm/limits.hpp"
#include "wasm/sections.hpp"
#include "wasm/type_reader.hpp"

namespace linocut {
namespace {

// Each adds what is imported to its index space and says where it is there.
uint32_t import_function(Reader& reader, Module& module) {
    module.functions.push_back(read_index(reader, "type", module.types.size()));
    return module.imported_functions++;
}

uint32_t import_table(Reader& reader, Module& module) {
    limits::check("tables", module.tables.size() + 1, limits::kTables, reader.offset());
    module.tables.push_back({read_table_type(reader), {}});
    return module.imported_tables++;
}

uint32_t import_memory(Reader& reader, Module& module) {
    add_memory(reader, module);
    return module.imported_memories++;
}

uint32_t import_global(Reader& reader, Module& module) {
    module.globals.push_back({read_global_type(reader), {}});
    return module.imported_globals++;
}

uint32_t import_tag(Reader& reader, Module& module) {
    add_tag(reader, module);
    return module.imported_tags++;
}

constexpr uint32_t (*importers[])(Reader&, Module&) = {import_function, import_table, import_memory,
                                                       import_global, import_tag};  // by ExternKind

Import read_import(Reader& reader, Module& module) {
    Import import;
    import.module = reader.name();
    import.name = reader.name();
    const size_t offset = reader.offset();
    const uint8_t kind = reader.u8();
    if (kind == static_cast<uint8_t>(ExternKind::Tag)) require_tags("a tag", offset);
    if (kind >= std::size(importers))
        throw MalformedError("malformed import kind " + hex(kind) + ": expected 0x00 to 0x04", offset);
    import.kind = static_cast<ExternKind>(kind);
    import.index = importers[kind](reader, module);
    return import;
}

}  // namespace

void read_import_section(Reader& reader, Module& module) {
    const uint32_t count = limits::read_count(reader, "imports", limits::kImports);
    module.imports.reserve(limits::credible(count, reader, 4));  // bytes of the shortest import
    for (uint32_t i = 0; i < count; i++) module.imports.push_back(read_import(reader, module));
}

}  // namespace linocut
