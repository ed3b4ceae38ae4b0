// A decoded module: everything but its function bodies is validated (core/jit validates those).
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wasm/const_expr.hpp"
#include "wasm/types.hpp"

namespace linocut {

struct Import {
    std::string_view module;
    std::string_view name;
    ExternKind kind;
    uint32_t index;  // in the index space of its kind
};

struct Export {
    std::string_view name;
    ExternKind kind;
    uint32_t index;
};

struct GlobalDef {
    GlobalType type;
    ConstExpr init;  // empty for an import
};

struct TableDef {
    TableType type;
    ConstExpr init;  // empty: null
};

struct FuncBody {
    uint32_t offset;  // of the first byte after the size field, in the module
    uint32_t size;
};

enum class SegmentMode : uint8_t { Active, Passive, Declarative };

struct ElemSegment {
    SegmentMode mode;
    ValType element;
    uint32_t table = 0;
    ConstExpr offset;
    std::vector<uint32_t> functions;     // the common form: function indices
    std::vector<ConstExpr> expressions;  // the general form; one of the two is empty
    size_t size() const { return functions.empty() ? expressions.size() : functions.size(); }
};

struct DataSegment {
    SegmentMode mode;
    uint32_t memory = 0;
    ConstExpr offset;
    std::span<const uint8_t> bytes;
};

// What the name section says (appendix, custom sections); names are UTF-8, empty where there is none.
struct Names {
    std::string_view module;
    std::vector<std::string_view> functions;  // by function index, or empty
};

struct Module {
    // The module's bytes. `owner` keeps them alive (a Python bytes object, a mapping …).
    std::span<const uint8_t> bytes;
    std::shared_ptr<const void> owner;

    std::vector<FuncType> types;
    std::vector<uint32_t> functions;   // type index of each function, imports first
    std::vector<TableDef> tables;      // imports first
    std::vector<MemoryType> memories;  // imports first
    std::vector<GlobalDef> globals;    // imports first
    std::vector<uint32_t> tags;        // type index of each tag, imports first
    std::vector<Import> imports;
    std::vector<Export> exports;
    std::vector<ElemSegment> elems;
    std::vector<DataSegment> datas;
    std::vector<FuncBody> bodies;  // one per defined function
    int64_t start = -1;            // function index, or -1
    int64_t data_count = -1;       // of the data count section, or -1

    uint32_t imported_functions = 0;
    uint32_t imported_tables = 0;
    uint32_t imported_memories = 0;
    uint32_t imported_globals = 0;
    uint32_t imported_tags = 0;

    // Functions that may become references (§3.5: those named by exports, element segments and
    // ref.func in constant expressions): declared_functions[i] = function index, in ascending order; and
    // the way back, function index → position or -1, empty when nothing is declared.
    std::vector<uint32_t> declared_functions;
    std::vector<int32_t> declared_position;

    struct CustomSection {
        std::string_view name;
        std::span<const uint8_t> bytes;
        uint32_t offset;
    };
    std::vector<CustomSection> customs;

    const FuncType& type_of_function(uint32_t index) const { return types[functions[index]]; }
    const FuncType& type_of_tag(uint32_t index) const { return types[tags[index]]; }
    // From the name section, which is read on first use and never causes an error; empty when it has none.
    std::string_view name() const;
    std::string_view function_name(uint32_t index) const;

private:
    const Names& names() const;

    mutable std::once_flag names_once_;
    mutable Names names_;
};

}  // namespace linocut
