#include "wasm/type_reader.hpp"

#include <string>

#include "base/errors.hpp"
#include "base/hex.hpp"
#include "wasm/limits.hpp"

namespace linocut {
namespace {

constexpr uint8_t function_type_form = 0x60;

std::vector<ValType> read_value_types(Reader& reader, const char* things, uint32_t limit) {
    const uint32_t count = limits::read_count(reader, things, limit);
    std::vector<ValType> types;
    types.reserve(limits::credible(count, reader));
    for (uint32_t i = 0; i < count; i++) types.push_back(read_value_type(reader));
    return types;
}

// §5.3 (limits). Flags of shared memories and 64-bit addresses belong to proposals we do not take yet.
// Numbers are read with 64 bits: one that is too large is invalid, not malformed, as in 3.0.
Limits read_limits(Reader& reader) {
    const size_t offset = reader.offset();
    const uint8_t flags = reader.u8();
    if (flags > 1)
        throw MalformedError(
            "malformed limits flags " + hex(flags) + ": expected 0x00 (min) or 0x01 (min, max)", offset);
    Limits limits;
    limits.min = reader.u64();
    if (flags == 1) limits.max = reader.u64();
    return limits;
}

// §3.2 (limits)
void check_limits(const Limits& limits, uint64_t range, const char* rule, size_t offset) {
    if (limits.min > range || limits.max.value_or(0) > range) throw InvalidError(rule, offset);
    if (limits.max && limits.min > *limits.max)
        throw InvalidError("size minimum must not be greater than maximum: " + std::to_string(limits.min) +
                               " > " + std::to_string(*limits.max),
                           offset);
}

}  // namespace

ValType read_value_type(Reader& reader) {
    const size_t offset = reader.offset();
    const auto type = static_cast<ValType>(reader.u8());
    switch (type) {
    case ValType::I32:
    case ValType::I64:
    case ValType::F32:
    case ValType::F64:
    case ValType::FuncRef:
    case ValType::ExternRef: return type;
    case ValType::V128: throw InvalidError("v128 needs SIMD, which is not supported yet", offset);
    case ValType::None: break;
    }
    throw MalformedError("malformed value type " + hex(static_cast<uint32_t>(type)), offset);
}

ValType read_reference_type(Reader& reader) {
    const size_t offset = reader.offset();
    const auto type = static_cast<ValType>(reader.u8());
    if (is_reference(type)) return type;
    throw MalformedError("malformed reference type " + hex(static_cast<uint32_t>(type)) +
                             ": expected 0x70 (funcref) or 0x6F (externref)",
                         offset);
}

ValType read_heap_type(Reader& reader) {
    const size_t offset = reader.offset();
    // Abstract heap types are negative numbers of one byte, whose low seven bits are the type's code.
    const int64_t heap_type = reader.s33();
    const auto type = static_cast<ValType>(heap_type & 0x7F);
    if (heap_type >= -64 && heap_type < 0 && is_reference(type)) return type;
    throw MalformedError("malformed reference type: expected func or extern", offset);
}

FuncType read_function_type(Reader& reader) {
    const size_t offset = reader.offset();
    const uint8_t form = reader.u8();
    if (form != function_type_form)
        throw MalformedError("malformed function type " + hex(form) + ": expected 0x60", offset);
    FuncType type;
    type.params = read_value_types(reader, "parameters", limits::params);
    type.results = read_value_types(reader, "results", limits::results);
    return type;
}

TableType read_table_type(Reader& reader) {
    TableType type;
    type.element = read_reference_type(reader);
    const size_t offset = reader.offset();
    type.limits = read_limits(reader);
    check_limits(type.limits, limits::table_elements, "table size must be at most 2^32-1 elements", offset);
    return type;
}

MemoryType read_memory_type(Reader& reader) {
    const size_t offset = reader.offset();
    MemoryType type;
    type.limits = read_limits(reader);
    check_limits(type.limits, limits::memory_pages, "memory size must be at most 65536 pages (4 GiB)",
                 offset);
    return type;
}

GlobalType read_global_type(Reader& reader) {
    GlobalType type;
    type.value = read_value_type(reader);
    const size_t offset = reader.offset();
    const uint8_t mutability = reader.u8();
    if (mutability > 1)
        throw MalformedError(
            "malformed mutability " + hex(mutability) + ": expected 0x00 (const) or 0x01 (var)", offset);
    type.is_mutable = mutability == 1;
    return type;
}

}  // namespace linocut
