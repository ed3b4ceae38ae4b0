#include <algorithm>
#include <string>

#include "base/errors.hpp"
#include "base/hex.hpp"
#include "wasm/declared.hpp"
#include "wasm/features.hpp"
#include "wasm/index_space.hpp"
#include "wasm/limits.hpp"
#include "wasm/sections.hpp"

namespace linocut {
namespace {

size_t size_of_space(const Module& module, ExternKind kind) {
    const size_t sizes[] = {module.functions.size(), module.tables.size(), module.memories.size(),
                            module.globals.size(), module.tags.size()};  // by ExternKind
    return sizes[static_cast<uint8_t>(kind)];
}

Export read_export(Reader& reader, Module& module) {
    Export entry;
    entry.name = reader.name();
    const size_t offset = reader.offset();
    const uint8_t kind = reader.u8();
    if (kind == static_cast<uint8_t>(ExternKind::Tag)) require_tags("a tag", offset);
    if (kind > static_cast<uint8_t>(ExternKind::Tag))
        throw MalformedError("malformed export kind " + hex(kind) + ": expected 0x00 to 0x04", offset);
    entry.kind = static_cast<ExternKind>(kind);
    entry.index = read_index(reader, name_of(entry.kind), size_of_space(module, entry.kind));
    if (entry.kind == ExternKind::Func) declare_function(module, entry.index);
    return entry;
}

// Sorting needs no allocation per name, and a name's address still tells where it stands.
void check_names_differ(const Module& module) {
    std::vector<std::string_view> names;
    names.reserve(module.exports.size());
    for (const Export& entry : module.exports) names.push_back(entry.name);
    std::sort(names.begin(), names.end());
    const auto twin = std::adjacent_find(names.begin(), names.end());
    if (twin == names.end()) return;
    const char* second = std::max(twin[0].data(), twin[1].data());
    const char* start = reinterpret_cast<const char*>(module.bytes.data());
    // A name has no bound, a message should.
    const std::string name = twin->size() <= 200 ? "\"" + std::string(*twin) + "\"" : "(of many bytes)";
    throw InvalidError("duplicate export name " + name, static_cast<size_t>(second - start));
}

}  // namespace

void read_export_section(Reader& reader, Module& module) {
    const uint32_t count = limits::read_count(reader, "exports", limits::kExports);
    module.exports.reserve(limits::credible(count, reader, 3));  // bytes of the shortest export
    for (uint32_t i = 0; i < count; i++) module.exports.push_back(read_export(reader, module));
    check_names_differ(module);
}

}  // namespace linocut
