#include "code/context_slots.hpp"

#include <algorithm>
#include <iterator>

#include "wasm/trap_kind.hpp"

namespace linocut {

namespace {

constexpr const char* kHelperNames[] = {
#define X(name) #name,
    LC_HELPERS(X)
#undef X
};

struct Field {
    int32_t offset;
    const char* name;
};
constexpr Field kFields[] = {
    {LC_CONTEXT_OFFSET(switch_context), "switch_context"},
    {LC_CONTEXT_OFFSET(memory_bytes), "memory_bytes"},
    {LC_CONTEXT_OFFSET(instance), "instance"},
    {LC_CONTEXT_OFFSET(store), "store"},
    {LC_CONTEXT_OFFSET(argument_buffer), "argument_buffer"},
    {LC_CONTEXT_OFFSET(stack_limit), "stack_limit"},
    {LC_CONTEXT_OFFSET(memory_base), "memory_base"},
};

// The header: fields, and the arrays of stubs.
ContextSlot header_slot(int32_t offset) {
    const int32_t helper = (offset - LC_CONTEXT_OFFSET(helpers)) / 8;
    if (offset >= LC_CONTEXT_OFFSET(helpers) && helper < LC_HELPER_COUNT)
        return {"helper", -1, kHelperNames[helper]};
    for (int32_t trap = 0; trap < LC_TRAP_STUBS; trap++)
        if (offset == LC_TRAP_OFFSET(trap)) return {"trap", -1, TRAP_NAMES[trap]};
    for (const Field& field : kFields)
        if (field.offset == offset)
            return {field.name, offset == LC_CONTEXT_OFFSET(memory_bytes) ? 0 : -1, nullptr};
    return {nullptr, -1, nullptr};
}

struct Array {
    const char* kind;
    uint32_t start;
    size_t count, element;
};

ContextSlot global_slot(const ContextLayout& layout, uint32_t at) {
    // The last global that begins at or before it.
    const auto after = std::upper_bound(layout.globals.begin(), layout.globals.end(), at);
    if (after == layout.globals.begin()) return {nullptr, -1, nullptr};
    return {"global", after - layout.globals.begin() - 1, nullptr};
}

}  // namespace

ContextSlot context_slot(const Module& module, const ContextLayout& layout, int32_t offset) {
    if (offset < 0) return header_slot(offset);
    const auto at = static_cast<uint32_t>(offset);
    const Array arrays[] = {
        {"table", layout.tables, module.tables.size(), 8},
        {"memory", layout.memories, module.memories.size(), 8},
        {"import", layout.imports, module.imported_functions, 8},
        {"func_ref", layout.func_refs, module.declared_functions.size(), sizeof(LcFuncRef)},
        {"type_id", layout.type_ids, module.types.size(), 4},
    };
    for (const Array& array : arrays) {
        if (at < array.start || at - array.start >= array.count * array.element) continue;
        const size_t index = (at - array.start) / array.element;
        const bool is_reference = array.start == layout.func_refs && array.element == sizeof(LcFuncRef);
        return {array.kind, is_reference ? module.declared_functions[index] : static_cast<int64_t>(index),
                nullptr};
    }
    return at < layout.tables ? global_slot(layout, at) : ContextSlot{nullptr, -1, nullptr};
}

}  // namespace linocut
