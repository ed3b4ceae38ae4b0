// Tags (§5.5.16): what exceptions are told apart by.
#include "base/errors.hpp"
#include "base/hex.hpp"
#include "wasm/index_space.hpp"
#include "wasm/limits.hpp"
#include "wasm/sections.hpp"

namespace linocut {

// The attribute is what a tag is for; there are only exceptions.
void add_tag(Reader& reader, Module& module) {
    const size_t offset = reader.offset();
    if (const uint8_t attribute = reader.u8(); attribute != 0)
        throw MalformedError("malformed tag attribute " + hex(attribute) + ": expected 0x00", offset);
    const size_t type_at = reader.offset();
    const uint32_t type = read_index(reader, "type", module.types.size());
    if (!module.types[type].results.empty()) throw InvalidError("non-empty tag result type", type_at);
    module.tags.push_back(type);
}

void read_tag_section(Reader& reader, Module& module) {
    const uint32_t count = limits::read_count(reader, "tags", limits::kTags, module.tags.size());
    for (uint32_t i = 0; i < count; i++) add_tag(reader, module);
}

}  // namespace linocut
