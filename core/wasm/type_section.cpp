#include "wasm/limits.hpp"
#include "wasm/sections.hpp"
#include "wasm/type_reader.hpp"

namespace linocut {

void read_type_section(Reader& reader, Module& module) {
    const uint32_t count = limits::read_count(reader, "types", limits::kTypes);
    module.types.reserve(limits::credible(count, reader, 3));  // bytes of the shortest
    for (uint32_t i = 0; i < count; i++) module.types.push_back(read_function_type(reader));
}

}  // namespace linocut
