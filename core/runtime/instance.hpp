// Module instances (§4.2.5).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "context.h"
#include "runtime/exit.hpp"
#include "runtime/global.hpp"
#include "runtime/loaded_module.hpp"
#include "runtime/memory.hpp"
#include "runtime/table.hpp"
#include "runtime/tag.hpp"

namespace linocut {

// What an instance imports and exports; monostate: missing.
using Extern = std::variant<std::monostate, const LcFuncRef*, Table*, Memory*, Global*, Tag*>;

class Instance {
public:
    // Links: `imports` are in the order of the module's. Throws LinkError, std::bad_alloc.
    Instance(Store& store, std::shared_ptr<const LoadedModule> loaded, std::span<const Extern> imports);
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    // Active segments in order, then the start function (§4.5.4).
    Exit initialize();

    const Module& module() const { return *loaded_->module; }
    const LoadedModule& loaded() const { return *loaded_; }
    const std::shared_ptr<const LoadedModule>& share_loaded() const { return loaded_; }
    Store& store() const { return *store_; }

    Extern get(ExternKind kind, uint32_t index) const;
    // The function must be declared (exported, in an element segment, …), so that it has a reference.
    const LcFuncRef* function(uint32_t index) const;
    Table* table(uint32_t index) const { return tables_[index]; }
    Memory* memory(uint32_t index) const { return memories_[index]; }
    Global* global(uint32_t index) const { return globals_[index]; }
    Tag* tag(uint32_t index) const { return tags_[index]; }

    // `can_init_…`: whether memory.init or table.init would be in bounds. `…_init` carries the instruction out, or
    // returns false where it would trap.
    bool can_init_memory(uint32_t memory, uint32_t data, uint64_t to, uint64_t from, uint64_t count) const;
    bool can_init_table(uint32_t table, uint32_t elem, uint64_t to, uint64_t from, uint64_t count) const;
    bool memory_init(uint32_t memory, uint32_t data, uint64_t to, uint64_t from, uint64_t count);
    bool table_init(uint32_t table, uint32_t elem, uint64_t to, uint64_t from, uint64_t count);
    void drop_data(uint32_t data) { data_dropped_[data] = true; }
    void drop_elem(uint32_t elem) { elem_dropped_[elem] = true; }

private:
    friend class Store;

    struct FreeBlock {
        void operator()(uint8_t* block) const;
    };
    template <typename T>
    T* tail(uint32_t offset) const {
        return reinterpret_cast<T*>(end_ + offset);
    }
    void make_context();
    void take_imports(std::span<const Extern> imports);
    void make_memories();
    Memory* add_memory(const MemoryType& type);
    void make_tags();
    void make_functions();
    void make_globals();
    void make_tables();
    void make_elements();
    LcFuncRef make_reference(uint32_t function) const;
    Exit call_start();

    Store* store_;
    std::shared_ptr<const LoadedModule> loaded_;
    std::unique_ptr<uint8_t, FreeBlock> block_;  // the context and its tail
    uint8_t* end_ = nullptr;                     // the context's end: the tail starts here
    std::vector<const LcFuncRef*> imports_;
    std::vector<Table*> tables_;
    std::vector<Memory*> memories_;
    std::vector<std::shared_ptr<Memory>> shared_memories_;  // those among them that belong to no store
    std::optional<SizeMirror> size_mirror_;                 // of memory 0
    std::vector<Global*> globals_;
    std::vector<Tag*> tags_;
    std::vector<std::vector<uint64_t>> elems_;  // values of segments given by expressions
    std::vector<bool> elem_dropped_;
    std::vector<bool> data_dropped_;
};

}  // namespace linocut
