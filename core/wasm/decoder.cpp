#include "wasm/decoder.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/errors.hpp"
#include "base/hex.hpp"
#include "wasm/declared.hpp"
#include "wasm/features.hpp"
#include "wasm/limits.hpp"
#include "wasm/sections.hpp"

namespace linocut {
namespace {

constexpr std::array<uint8_t, 4> kMagic = {0x00, 'a', 's', 'm'};
constexpr std::array<uint8_t, 4> kVersion = {0x01, 0x00, 0x00, 0x00};
// A component's preamble continues with a version of its own and the number of its layer (component model, binary
// format).
constexpr std::array<uint8_t, 2> kComponentLayer = {0x01, 0x00};

// §5.5.2. The id is the position here; `rank` is the order in a module, where the data count section
// (12) comes before the code section (10), and the tag section (13) before globals.
struct Section {
    const char* name;
    unsigned rank;
    void (*read)(Reader&, Module&);
};

constexpr Section kSections[] = {
    {"custom", 0, nullptr},
    {"type", 1, read_type_section},
    {"import", 2, read_import_section},
    {"function", 3, read_function_section},
    {"table", 4, read_table_section},
    {"memory", 5, read_memory_section},
    {"global", 7, read_global_section},
    {"export", 8, read_export_section},
    {"start", 9, read_start_section},
    {"element", 10, read_element_section},
    {"code", 12, read_code_section},
    {"data", 13, read_data_section},
    {"data count", 11, read_data_count_section},
    {"tag", 6, read_tag_section},
};
constexpr uint8_t kCustomId = 0;
constexpr uint8_t kTagSectionId = 13;

void read_header(Reader& reader) {
    const auto is = [](std::span<const uint8_t> bytes, const auto& wanted) {
        return std::equal(bytes.begin(), bytes.end(), wanted.begin());
    };
    if (!is(reader.bytes(kMagic.size()), kMagic))
        throw MalformedError("magic header not detected: expected \"\\0asm\"", 0);
    const auto found = reader.bytes(kVersion.size());
    if (is(found, kVersion)) return;
    if (is(found.subspan(2), kComponentLayer))
        throw malformed_without(Feature::component_model, "unknown binary version", kMagic.size());
    throw MalformedError("unknown binary version: expected 1", kMagic.size());
}

void read_custom_section(Reader& reader, Module& module) {
    Module::CustomSection custom;
    custom.name = reader.name();
    custom.offset = static_cast<uint32_t>(reader.offset());
    custom.bytes = reader.bytes(reader.remaining());
    module.customs.push_back(custom);
}

// A section's contents, as a reader of their own.
Reader open_section(Reader& reader) {
    const size_t offset = reader.offset();
    const uint32_t size = reader.u32();
    if (size > reader.remaining())
        throw MalformedError("length out of bounds: section of " + std::to_string(size) + " bytes, " +
                                 std::to_string(reader.remaining()) + " left",
                             offset);
    const size_t start = reader.offset();
    return Reader(reader.bytes(size), start);
}

// Reads the section at hand, which must not come before those of rank `last`; returns its rank.
unsigned read_section(Reader& reader, Module& module, unsigned last) {
    const size_t offset = reader.offset();
    const uint8_t id = reader.u8();
    if (id == kTagSectionId) require_tags("a tag section", offset);
    if (id >= std::size(kSections))
        throw MalformedError("malformed section id " + hex(id) + ": expected 0x00 to 0x0D", offset);
    const Section& section = kSections[id];
    if (id != kCustomId && section.rank <= last)
        throw MalformedError("unexpected content after last section: " + std::string(section.name) +
                                 " section out of order or twice",
                             offset);
    Reader contents = open_section(reader);
    if (id == kCustomId) return read_custom_section(contents, module), last;
    section.read(contents, module);
    if (!contents.done())
        throw MalformedError("section size mismatch: " + std::to_string(contents.remaining()) +
                                 " bytes left in the " + section.name + " section",
                             contents.offset());
    return section.rank;
}

// Checks what only the whole module shows: sections that had to be there (§5.5.17).
void check_lengths(const Module& module) {
    const size_t defined = module.functions.size() - module.imported_functions;
    if (module.bodies.size() != defined)
        throw MalformedError("function and code section have inconsistent lengths: " +
                                 std::to_string(defined) + " functions, no code section",
                             module.bytes.size());
    if (module.data_count >= 0 && module.datas.size() != static_cast<size_t>(module.data_count))
        throw MalformedError(
            "data count and data section have inconsistent lengths: " + std::to_string(module.data_count) +
                " announced, " + std::to_string(module.datas.size()) + " found",
            module.bytes.size());
}

void check_size(size_t bytes) {
    if (bytes > limits::kModuleBytes)
        throw InvalidError("module too large: " + std::to_string(bytes) +
                           " bytes, this implementation's limit is " + std::to_string(limits::kModuleBytes));
}

}  // namespace

std::shared_ptr<const Module> decode(std::span<const uint8_t> bytes, std::shared_ptr<const void> owner) {
    check_size(bytes.size());
    auto module = std::make_shared<Module>();
    module->bytes = bytes;
    module->owner = std::move(owner);
    Reader reader(bytes, 0, "module");
    read_header(reader);
    for (unsigned last = 0; !reader.done();) last = read_section(reader, *module, last);
    check_lengths(*module);
    number_declared_functions(*module);
    return module;
}

}  // namespace linocut
