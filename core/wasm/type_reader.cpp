#include "wasm/type_reader.hpp"

#include <string>

#include "base/errors.hpp"
#include "base/hex.hpp"
#include "wasm/features.hpp"
#include "wasm/limits.hpp"

namespace linocut {
namespace {

constexpr uint8_t kFunctionTypeForm = 0x60;

std::vector<ValType> read_value_types(Reader& reader, const char* things, uint32_t limit) {
    const uint32_t count = limits::read_count(reader, things, limit);
    std::vector<ValType> types;
    types.reserve(limits::credible(count, reader));
    for (uint32_t i = 0; i < count; i++) types.push_back(read_value_type(reader));
    return types;
}

// Bits of limits' flags.
constexpr uint8_t kHasMax = 0x01, kIsShared = 0x02, kIs64 = 0x04;

// Those that belong to features.
struct FeatureFlag {
    uint8_t bit;
    Feature feature;
    const char* what;
    bool is_of_tables;
};
constexpr FeatureFlag kFeatureFlags[] = {{kIs64, Feature::memory64, "a 64-bit index", true},
                                         {kIsShared, Feature::threads, "a shared memory", false}};

void refuse_later_flags(uint8_t flags, bool is_table, size_t offset) {
    constexpr uint8_t kAllOf30 = 0x07, kHasPageSize = 0x08;
    if (!is_table && flags > kAllOf30 && (flags & ~kAllOf30) == kHasPageSize)
        throw malformed_without(Feature::custom_page_sizes, "malformed limits flags " + hex(flags), offset);
    if (flags > kAllOf30) return;
    for (const FeatureFlag& flag : kFeatureFlags)
        if (flags & flag.bit && (flag.is_of_tables || !is_table) && !is_supported(flag.feature))
            throw unsupported(flag.feature, flag.what, offset);
}

// §5.3 (limits). Numbers are read with 64 bits: one that is too large is invalid, not malformed, as in 3.0.
Limits read_limits(Reader& reader, bool is_table, uint8_t& flags) {
    const size_t offset = reader.offset();
    flags = reader.u8();
    refuse_later_flags(flags, is_table, offset);
    if (flags & ~(is_table ? kHasMax | kIs64 : kHasMax | kIsShared | kIs64))
        throw MalformedError(
            "malformed limits flags " + hex(flags) + ": expected 0x00 (min) or 0x01 (min, max)", offset);
    Limits limits;
    limits.min = reader.u64();
    if (flags & kHasMax) limits.max = reader.u64();
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

constexpr uint8_t kNullableForm = 0x63, kNonNullForm = 0x64;  // a heap type follows

// Heap types are type indices, or negative numbers whose low seven bits are a code (§5.3.3).
bool is_abstract(int64_t heap_type) {
    constexpr int64_t kFirst = 0x68 - 0x80, kLast = 0x75 - 0x80;
    return heap_type >= kFirst && heap_type <= kLast;
}
uint8_t code_of(int64_t heap_type) { return static_cast<uint8_t>(heap_type & 0x7F); }

void refuse_later_heap_type(int64_t heap_type, size_t offset) {
    if (heap_type >= 0)
        throw unsupported(Feature::function_references, "a reference to type " + std::to_string(heap_type),
                          offset);
    if (!is_abstract(heap_type)) return;
    if (const auto feature = feature_of_type(code_of(heap_type)))
        throw unsupported(*feature, "heap type " + hex(code_of(heap_type)), offset);
}

// The byte begins a value type that is not supported, or none at all.
void refuse_later_type(uint8_t byte, Reader& reader, size_t offset) {
    if (byte == kNullableForm || byte == kNonNullForm) {
        const int64_t heap_type = reader.s33();
        refuse_later_heap_type(heap_type, offset);
        if (!is_abstract(heap_type)) throw MalformedError("malformed heap type", offset + 1);
    }
    if (const auto feature = feature_of_type(byte))
        throw unsupported(*feature, "value type " + hex(byte), offset);
}

// A reference type whose feature is there.
bool is_here(ValType type) { return is_reference(type) && !feature_of_type(static_cast<uint8_t>(type)); }

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
    case ValType::V128:
    case ValType::ExternRef: return type;
    case ValType::ExnRef:
        if (feature_of_type(static_cast<uint8_t>(type))) break;
        return type;
    case ValType::None: break;
    }
    refuse_later_type(static_cast<uint8_t>(type), reader, offset);
    throw MalformedError("malformed value type " + hex(static_cast<uint32_t>(type)), offset);
}

ValType read_reference_type(Reader& reader) {
    const size_t offset = reader.offset();
    const auto type = static_cast<ValType>(reader.u8());
    if (is_here(type)) return type;
    refuse_later_type(static_cast<uint8_t>(type), reader, offset);
    throw MalformedError("malformed reference type " + hex(static_cast<uint32_t>(type)) +
                             ": expected 0x70 (funcref), 0x6F (externref) or 0x69 (exnref)",
                         offset);
}

ValType read_heap_type(Reader& reader) {
    const size_t offset = reader.offset();
    const int64_t heap_type = reader.s33();
    const auto type = static_cast<ValType>(code_of(heap_type));
    if (is_abstract(heap_type) && is_here(type)) return type;
    refuse_later_heap_type(heap_type, offset);
    throw MalformedError("malformed reference type: expected func, extern or exn", offset);
}

FuncType read_function_type(Reader& reader) {
    const size_t offset = reader.offset();
    const uint8_t form = reader.u8();
    if (const auto feature = feature_of_form(form))
        throw unsupported(*feature, "a type of form " + hex(form), offset);
    if (form != kFunctionTypeForm)
        throw MalformedError("malformed function type " + hex(form) + ": expected 0x60", offset);
    FuncType type;
    type.params = read_value_types(reader, "parameters", limits::kParams);
    type.results = read_value_types(reader, "results", limits::kResults);
    return type;
}

TableType read_table_type(Reader& reader) {
    TableType type;
    type.element = read_reference_type(reader);
    const size_t offset = reader.offset();
    uint8_t flags;
    type.limits = read_limits(reader, true, flags);
    type.is64 = flags & kIs64;
    check_limits(type.limits, type.is64 ? UINT64_MAX : limits::kTableElements,
                 "table size must be at most 2^32-1 elements", offset);
    return type;
}

MemoryType read_memory_type(Reader& reader) {
    const size_t offset = reader.offset();
    MemoryType type;
    uint8_t flags;
    type.limits = read_limits(reader, false, flags);
    type.shared = flags & kIsShared;
    type.is64 = flags & kIs64;
    if (type.is64)
        check_limits(type.limits, limits::kMemoryPages64, "memory size must be at most 2^48 pages", offset);
    else
        check_limits(type.limits, limits::kMemoryPages, "memory size must be at most 65536 pages (4 GiB)",
                     offset);
    if (type.shared && !type.limits.max) throw InvalidError("shared memory must have maximum", offset);
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
