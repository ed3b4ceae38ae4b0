// The name section (appendix, custom sections). It is a courtesy: whatever is wrong with it is left out.
#include "base/errors.hpp"
#include "base/leb128.hpp"
#include "base/utf8.hpp"
#include "wasm/module.hpp"

namespace linocut {
namespace {

enum : uint8_t { module_subsection = 0, function_subsection = 1 };

// A name, or nothing if it is not UTF-8: the next one may be.
std::string_view read_name(Reader& reader) {
    const uint32_t length = reader.u32();
    const auto text = reader.bytes(length);
    if (!is_utf8(text)) return {};
    return {reinterpret_cast<const char*>(text.data()), text.size()};
}

void read_function_names(Reader& reader, std::vector<std::string_view>& names) {
    for (uint32_t count = reader.u32(); count > 0; count--) {
        const uint32_t function = reader.u32();
        const std::string_view name = read_name(reader);
        if (function < names.size()) names[function] = name;
    }
}

void read_subsection(Reader& reader, Names& names) {
    const uint8_t id = reader.u8();
    const uint32_t size = reader.u32();
    Reader contents(reader.bytes(size));
    if (id == module_subsection) names.module = read_name(contents);
    if (id == function_subsection) read_function_names(contents, names.functions);
}

// What was read before the first error stays.
void read_name_section(std::span<const uint8_t> bytes, Names& names) {
    try {
        Reader reader(bytes);
        while (!reader.done()) read_subsection(reader, names);
    } catch (const MalformedError&) {
    }
}

}  // namespace

const Names& Module::names() const {
    std::call_once(names_once_, [this] {
        for (const CustomSection& custom : customs) {
            if (custom.name != "name") continue;
            names_.functions.resize(functions.size());
            read_name_section(custom.bytes, names_);
            return;
        }
    });
    return names_;
}

std::string_view Module::name() const { return names().module; }

std::string_view Module::function_name(uint32_t index) const {
    const Names& known = names();
    return index < known.functions.size() ? known.functions[index] : std::string_view();
}

}  // namespace linocut
