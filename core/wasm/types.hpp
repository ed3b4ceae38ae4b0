// The type vocabulary of a module (§2.3): value types, function types, limits.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace linocut {

// The low byte is the binary format's code (§5.3.1); typed references will add an index above it.
enum class ValType : uint32_t {
    None = 0,  // never a value's type: marks a block's bottom on the validator's stack
    I32 = 0x7F,
    I64 = 0x7E,
    F32 = 0x7D,
    F64 = 0x7C,
    V128 = 0x7B,
    FuncRef = 0x70,
    ExternRef = 0x6F,
    ExnRef = 0x69,
};

constexpr bool is_reference(ValType type) {
    return type == ValType::FuncRef || type == ValType::ExternRef || type == ValType::ExnRef;
}
// Whether a value of type `sub` may stand where one of `super` is wanted (§3.3): the only place that compares them.
constexpr bool matches(ValType sub, ValType super) { return sub == super; }
const char* name_of(ValType type);
// A list of one type, for blocks that give one value.
const ValType* list_of(ValType type);

struct FuncType {
    std::vector<ValType> params;
    std::vector<ValType> results;
    bool operator==(const FuncType&) const = default;
};

struct Limits {
    uint64_t min = 0;
    std::optional<uint64_t> max;
};

struct MemoryType {
    Limits limits;  // in pages
    bool shared = false;
    bool is64 = false;
    uint8_t page_shift = 16;
    ValType address() const { return is64 ? ValType::I64 : ValType::I32; }
};

struct TableType {
    ValType element = ValType::FuncRef;
    Limits limits;
    bool is64 = false;
    ValType address() const { return is64 ? ValType::I64 : ValType::I32; }
};

// The type of a number of things that go from one memory or table to another.
constexpr ValType narrower(ValType a, ValType b) { return a == ValType::I64 ? b : a; }

struct GlobalType {
    ValType value = ValType::I32;
    bool is_mutable = false;
};

enum class ExternKind : uint8_t { Func, Table, Memory, Global, Tag };
const char* name_of(ExternKind kind);

}  // namespace linocut
