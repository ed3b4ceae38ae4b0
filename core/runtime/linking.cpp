#include "runtime/linking.hpp"

#include <string>

#include "base/errors.hpp"
#include "code/type_registry.hpp"

namespace linocut {

namespace {

std::string text_of(const Limits& limits) {
    return std::to_string(limits.min) + (limits.max ? ".." + std::to_string(*limits.max) : "..");
}

std::string text_of(const std::vector<ValType>& types) {
    std::string text = "[";
    for (const ValType type : types) text += (text.size() > 1 ? " " : "") + std::string(name_of(type));
    return text + "]";
}

std::string text_of(const FuncType& type) {
    return "func " + text_of(type.params) + " -> " + text_of(type.results);
}

std::string tag_text(const FuncType& type) { return "tag " + text_of(type.params); }

std::string text_of(const TableType& type) {
    return "table " + std::string(type.is64 ? "i64 " : "") + text_of(type.limits) + " " +
           name_of(type.element);
}

std::string text_of(const MemoryType& type) {
    std::string text = "memory " + std::string(type.is64 ? "i64 " : "") + text_of(type.limits);
    if (type.shared) text += " shared";
    if (type.page_shift != 16) text += " pagesize " + std::to_string(uint64_t{1} << type.page_shift);
    return text;
}

std::string text_of(const GlobalType& type) {
    return std::string(type.is_mutable ? "mutable " : "") + "global " + name_of(type.value);
}

bool fits(const Limits& actual, const Limits& expected) {
    return actual.min >= expected.min && (!expected.max || (actual.max && *actual.max <= *expected.max));
}

bool fits(const TableType& actual, const TableType& expected) {
    return actual.element == expected.element && actual.is64 == expected.is64 &&
           fits(actual.limits, expected.limits);
}

bool fits(const MemoryType& actual, const MemoryType& expected) {
    return actual.shared == expected.shared && actual.is64 == expected.is64 &&
           actual.page_shift == expected.page_shift && fits(actual.limits, expected.limits);
}

bool fits(const GlobalType& actual, const GlobalType& expected) {
    return actual.value == expected.value && actual.is_mutable == expected.is_mutable;
}

std::string place_of(const Import& import) {
    return "\"" + std::string(import.module) + "\" \"" + std::string(import.name) + "\"";
}

// Checks one import against what was given for it.
class Check {
public:
    Check(const LoadedModule& loaded, const Import& import)
        : loaded_(loaded), module_(*loaded.module), import_(import) {}

    void operator()(std::monostate) const { throw LinkError("unknown import: " + place_of(import_)); }
    void operator()(const LcFuncRef* function) const {
        const uint32_t type = module_.functions[expected_index(ExternKind::Func, "func")];
        if (function->type_id != loaded_.type_ids[type])
            refuse(text_of(module_.types[type]), text_of(*signature_of(function->type_id).type));
    }
    void operator()(const Table* table) const {
        compare(table->type(), module_.tables[expected_index(ExternKind::Table, "table")].type);
    }
    void operator()(const Memory* memory) const {
        compare(memory->type(), module_.memories[expected_index(ExternKind::Memory, "memory")]);
    }
    void operator()(const Global* global) const {
        compare(global->type, module_.globals[expected_index(ExternKind::Global, "global")].type);
    }

    void operator()(const Tag* tag) const {
        const FuncType& expected = module_.type_of_tag(expected_index(ExternKind::Tag, "tag"));
        if (tag->type != expected) refuse(tag_text(expected), tag_text(tag->type));
    }

private:
    uint32_t expected_index(ExternKind actual, const char* actual_name) const {
        if (import_.kind != actual) refuse(name_of(import_.kind), actual_name);
        return import_.index;
    }
    template <typename T>
    void compare(const T& actual, const T& expected) const {
        if (!fits(actual, expected)) refuse(text_of(expected), text_of(actual));
    }
    [[noreturn]] void refuse(const std::string& expected, const std::string& actual) const {
        throw LinkError("incompatible import type: " + place_of(import_) + " must be " + expected + ", is " +
                        actual);
    }

    const LoadedModule& loaded_;
    const Module& module_;
    const Import& import_;
};

}  // namespace

void check_imports(const LoadedModule& loaded, std::span<const Extern> imports) {
    const Module& module = *loaded.module;
    for (size_t i = 0; i < module.imports.size(); i++) {
        const Extern given = i < imports.size() ? imports[i] : Extern{};
        std::visit(Check(loaded, module.imports[i]), given);
    }
}

}  // namespace linocut
