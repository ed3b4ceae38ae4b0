// Where things are in the part of a context that depends on the module (abi/context.h).
// All offsets are from the context's END, the value of the context register, and are ≥ 0.
#pragma once

#include <cstdint>
#include <vector>

#include "context.h"
#include "wasm/module.hpp"

namespace linocut {

struct ContextLayout {
    std::vector<uint32_t> globals;  // own global: offset of its cell; imported: of the pointer to its cell
    uint32_t tables = 0;            // LcTable*[tables]
    uint32_t memories = 0;          // LcMemory*[memories]
    uint32_t imports = 0;           // LcFuncRef*[imported functions]
    uint32_t func_refs = 0;         // LcFuncRef[declared functions]
    uint32_t type_ids = 0;          // uint32_t[types]
    uint32_t size = 0;              // bytes after the header

    explicit ContextLayout(const Module& module);
    ContextLayout() = default;

    uint32_t table(uint32_t i) const { return tables + 8 * i; }
    uint32_t memory(uint32_t i) const { return memories + 8 * i; }
    uint32_t import_func(uint32_t i) const { return imports + 8 * i; }
    uint32_t func_ref(uint32_t declared) const { return func_refs + sizeof(LcFuncRef) * declared; }
    uint32_t type_id(uint32_t i) const { return type_ids + 4 * i; }
};

}  // namespace linocut
