// What concerns functions: their types, where their bodies are, the start function.
#include <string>

#include "base/errors.hpp"
#include "wasm/index_space.hpp"
#include "wasm/limits.hpp"
#include "wasm/opcode.hpp"
#include "wasm/sections.hpp"

namespace linocut {
namespace {

// Finds the body; core/jit reads it, and relies on the last byte (§5.4, expressions).
FuncBody read_body(Reader& reader, uint32_t function) {
    const size_t at_size = reader.offset();
    const uint32_t size = reader.u32();
    if (size > limits::kBodyBytes)
        throw InvalidError("function body too large: " + std::to_string(size) +
                               " bytes, this implementation's limit is " + std::to_string(limits::kBodyBytes),
                           at_size, function);
    const size_t offset = reader.offset();
    const auto bytes = reader.bytes(size);
    if (bytes.empty() || bytes.back() != static_cast<uint8_t>(Opcode::op_end))
        throw MalformedError("END opcode expected: the body's last byte must be 0x0B", offset + size,
                             function);
    return {static_cast<uint32_t>(offset), size};
}

}  // namespace

void read_function_section(Reader& reader, Module& module) {
    const uint32_t count =
        limits::read_count(reader, "functions", limits::kFunctions, module.imported_functions);
    module.functions.reserve(module.functions.size() + limits::credible(count, reader));
    for (uint32_t i = 0; i < count; i++)
        module.functions.push_back(read_index(reader, "type", module.types.size()));
}

void read_start_section(Reader& reader, Module& module) {
    const size_t offset = reader.offset();
    module.start = read_index(reader, "function", module.functions.size());
    const FuncType& type = module.type_of_function(static_cast<uint32_t>(module.start));
    if (!type.params.empty() || !type.results.empty())
        throw InvalidError("start function must have no parameters and no results", offset);
}

void read_code_section(Reader& reader, Module& module) {
    const size_t offset = reader.offset();
    const uint32_t count = reader.u32();
    const size_t defined = module.functions.size() - module.imported_functions;
    if (count != defined)
        throw MalformedError("function and code section have inconsistent lengths: " +
                                 std::to_string(defined) + " functions, " + std::to_string(count) + " bodies",
                             offset);
    module.bodies.reserve(count);  // as many functions are there already
    for (uint32_t i = 0; i < count; i++)
        module.bodies.push_back(read_body(reader, module.imported_functions + i));
}

}  // namespace linocut
