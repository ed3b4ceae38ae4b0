// One reader per section (§5.5): adds to the module what the section says and validates it (§3.5).
// The decoder sees to their order, and that each reads the whole of its section.
#pragma once

#include "base/leb128.hpp"
#include "wasm/module.hpp"

namespace linocut {

void read_type_section(Reader& reader, Module& module);
void read_import_section(Reader& reader, Module& module);
void read_function_section(Reader& reader, Module& module);
void read_table_section(Reader& reader, Module& module);
void read_memory_section(Reader& reader, Module& module);
void read_tag_section(Reader& reader, Module& module);
void read_global_section(Reader& reader, Module& module);
void read_export_section(Reader& reader, Module& module);
void read_start_section(Reader& reader, Module& module);
void read_element_section(Reader& reader, Module& module);
void read_data_count_section(Reader& reader, Module& module);
void read_code_section(Reader& reader, Module& module);
void read_data_section(Reader& reader, Module& module);

// Shared by definitions and imports: 2.0 has one memory at most.
void add_memory(Reader& reader, Module& module);
// Shared by definitions and imports: a tag's attribute and type (§5.5.16).
void add_tag(Reader& reader, Module& module);

}  // namespace linocut
