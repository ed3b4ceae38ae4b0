#include "code/context_layout.hpp"

#include "wasm/value_class.hpp"

namespace linocut {

namespace {

uint32_t align_up(uint32_t value, uint32_t to) { return (value + to - 1) & ~(to - 1); }

}  // namespace

// Globals first: the low ones, the stack pointer among them, are within a one-byte displacement.
ContextLayout::ContextLayout(const Module& module) {
    uint32_t at = 0;
    globals.reserve(module.globals.size());
    for (uint32_t i = 0; i < module.globals.size(); i++) {
        const uint32_t bytes =
            i < module.imported_globals ? kWordBytes : kWordBytes * words_of(module.globals[i].type.value);
        at = align_up(at, bytes);
        globals.push_back(at);
        at += bytes;
    }
    at = align_up(at, 16);
    const auto array = [&at](size_t count, size_t bytes) {
        const uint32_t start = at;
        at += static_cast<uint32_t>(count * bytes);
        return start;
    };
    tables = array(module.tables.size(), 8);
    memories = array(module.memories.size(), 8);
    imports = array(module.imported_functions, 8);
    at = align_up(at, 32);
    func_refs = array(module.declared_functions.size(), sizeof(LcFuncRef));
    type_ids = array(module.types.size(), 4);
    size = align_up(at, 16);
}

}  // namespace linocut
