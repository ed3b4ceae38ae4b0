#include "runtime/instance.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/errors.hpp"
#include "base/out_of_memory.hpp"
#include "runtime/call.hpp"
#include "runtime/constant.hpp"
#include "runtime/context.hpp"
#include "runtime/linking.hpp"
#include "runtime/raise_trap.hpp"
#include "runtime/store.hpp"

namespace linocut {

namespace {

// A cache line: the hot words before the context's end and the first globals after it are two of them.
constexpr size_t kAlign = 64;

constexpr size_t round_up(size_t size) { return (size + kAlign - 1) & ~(kAlign - 1); }

// Compares without overflow.
bool within(uint64_t at, uint64_t count, uint64_t size) { return at <= size && count <= size - at; }

void check_memory(const StoreLimits& limits, size_t index, const MemoryType& type) {
    if (type.limits.min <= limits.memory >> type.page_shift) return;
    throw LinkError("memory " + std::to_string(index) + " begins with " + std::to_string(type.limits.min) +
                    " pages of " + std::to_string(uint64_t{1} << type.page_shift) +
                    " bytes: the store's limit is " + std::to_string(limits.memory) + " bytes");
}

void check_table(const StoreLimits& limits, size_t index, const TableType& type) {
    if (type.limits.min <= limits.table) return;
    throw LinkError("table " + std::to_string(index) + " begins with " + std::to_string(type.limits.min) +
                    " elements: the store's limit is " + std::to_string(limits.table));
}

}  // namespace

void Instance::FreeBlock::operator()(uint8_t* block) const { std::free(block); }

Instance::Instance(Store& store, std::shared_ptr<const LoadedModule> loaded, std::span<const Extern> imports)
    : store_(&store), loaded_(std::move(loaded)) {
    check_imports(*loaded_, imports);
    make_context();
    take_imports(imports);
    make_memories();
    make_tags();
    make_functions();
    make_globals();
    make_tables();
    make_elements();
    data_dropped_.resize(module().datas.size());
}

void Instance::make_context() {
    const size_t head = round_up(sizeof(LcContext));
    const size_t size = head + round_up(loaded_->code.layout.size);
    block_.reset(static_cast<uint8_t*>(std::aligned_alloc(kAlign, size)));
    if (!block_) throw OutOfMemory("no memory for an instance's %zu bytes", size);
    std::memset(block_.get(), 0, size);
    end_ = block_.get() + head;
    fill_context(context_of(end_), *store_, this);
    context_of(end_).interpreted = loaded_->interpreted.get();
    std::ranges::copy(loaded_->type_ids.all(), tail<uint32_t>(loaded_->code.layout.type_ids));
}

// Imports come first in every index space.
void Instance::take_imports(std::span<const Extern> imports) {
    for (size_t i = 0; i < module().imports.size(); i++) {
        const Extern& given = imports[i];
        if (const auto* function = std::get_if<const LcFuncRef*>(&given)) imports_.push_back(*function);
        if (const auto* table = std::get_if<Table*>(&given)) tables_.push_back(*table);
        if (const auto* memory = std::get_if<Memory*>(&given)) memories_.push_back(*memory);
        if (const auto* global = std::get_if<Global*>(&given)) globals_.push_back(*global);
        if (const auto* tag = std::get_if<Tag*>(&given)) tags_.push_back(*tag);
    }
}

void Instance::make_memories() {
    for (Memory* memory : memories_)
        if (memory->is_shared()) shared_memories_.push_back(memory->shared_from_this());
    for (size_t i = memories_.size(); i < module().memories.size(); i++) {
        const MemoryType& type = module().memories[i];
        check_memory(store_->limits, i, type);
        memories_.push_back(add_memory(type));
    }
    for (uint32_t i = 0; i < memories_.size(); i++)
        *tail<LcMemory*>(loaded_->code.layout.memory(i)) = memories_[i]->view();
    if (memories_.empty()) return;
    context_of(end_).memory = memories_[0]->view();
    context_of(end_).memory_base = memories_[0]->base();
    size_mirror_.emplace(*memories_[0], &context_of(end_).memory_bytes);
}

Memory* Instance::add_memory(const MemoryType& type) {
    if (!type.shared) return &store_->add_memory(type);
    shared_memories_.push_back(std::make_shared<Memory>(nullptr, type, store_->limits));
    return shared_memories_.back().get();
}

void Instance::make_tags() {
    for (auto i = static_cast<uint32_t>(tags_.size()); i < module().tags.size(); i++)
        tags_.push_back(&store_->add_tag(module().type_of_tag(i)));
}

void Instance::make_functions() {
    const ContextLayout& layout = loaded_->code.layout;
    std::copy(imports_.begin(), imports_.end(), tail<const LcFuncRef*>(layout.imports));
    for (uint32_t i = 0; i < module().declared_functions.size(); i++)
        *tail<LcFuncRef>(layout.func_ref(i)) = make_reference(module().declared_functions[i]);
}

LcFuncRef Instance::make_reference(uint32_t function) const {
    if (function < imports_.size()) return *imports_[function];
    const uint32_t type_id = loaded_->type_ids[module().functions[function]];
    auto* owner = const_cast<Instance*>(this);
    if (loaded_->interpreted)
        return {reinterpret_cast<void*>(linocut_interpreted_stub),
                end_,
                type_id,
                LC_FUNC_INTERPRETED,
                function,
                owner};
    auto* entry = const_cast<uint8_t*>(loaded_->code.entry(function - module().imported_functions));
    return {entry, end_, type_id, LC_FUNC_COMPILED, function, owner};
}

// In order: an initialiser may read the globals before it.
void Instance::make_globals() {
    const ContextLayout& layout = loaded_->code.layout;
    for (size_t i = 0; i < globals_.size(); i++) *tail<uint64_t*>(layout.globals[i]) = globals_[i]->cell;
    for (size_t i = globals_.size(); i < module().globals.size(); i++) {
        const GlobalDef& global = module().globals[i];
        auto* cell = tail<uint64_t>(layout.globals[i]);
        const Wide value = evaluate_constant(global.init, *this);
        std::copy_n(value.words, words_of(global.type.value), cell);
        globals_.push_back(&store_->add_global(global.type, cell));
    }
}

void Instance::make_tables() {
    for (size_t i = tables_.size(); i < module().tables.size(); i++) {
        const TableDef& table = module().tables[i];
        check_table(store_->limits, i, table.type);
        const uint64_t init = table.init.empty() ? 0 : evaluate_word(table.init, *this);
        tables_.push_back(&store_->add_table(table.type, init));
    }
    for (uint32_t i = 0; i < tables_.size(); i++)
        *tail<LcTable*>(loaded_->code.layout.table(i)) = tables_[i]->view();
}

void Instance::make_elements() {
    const size_t count = module().elems.size();
    elem_dropped_.resize(count);
    elems_.resize(count);
    for (size_t i = 0; i < count; i++)
        for (const ConstExpr& expression : module().elems[i].expressions)
            elems_[i].push_back(evaluate_word(expression, *this));
}

Exit Instance::initialize() {
    Thread& thread = Thread::current();
    for (uint32_t i = 0; i < module().elems.size(); i++) {
        const ElemSegment& elem = module().elems[i];
        if (elem.mode == SegmentMode::Active &&
            !table_init(elem.table, i, evaluate_word(elem.offset, *this), 0, elem.size()))
            return raise_trap(thread, TrapKind::OutOfBoundsTable);
        if (elem.mode != SegmentMode::Passive) drop_elem(i);
    }
    for (uint32_t i = 0; i < module().datas.size(); i++) {
        const DataSegment& data = module().datas[i];
        if (data.mode != SegmentMode::Active) continue;
        if (!memory_init(data.memory, i, evaluate_word(data.offset, *this), 0, data.bytes.size()))
            return raise_trap(thread, TrapKind::OutOfBoundsMemory);
        drop_data(i);
    }
    return call_start();
}

// The start function need not be declared, so it may have no reference yet.
Exit Instance::call_start() {
    if (module().start < 0) return Exit::Done;
    const LcFuncRef start = make_reference(static_cast<uint32_t>(module().start));
    const Signature& signature = signature_of(start);
    std::vector<uint64_t> frame(signature.frame_words);
    return call(*store_, start, signature, frame.data());
}

bool Instance::can_init_memory(uint32_t memory, uint32_t data, uint64_t to, uint64_t from,
                               uint64_t count) const {
    const uint64_t size = data_dropped_[data] ? 0 : module().datas[data].bytes.size();
    return within(from, count, size) && memories_[memory]->contains(to, count);
}

bool Instance::memory_init(uint32_t memory, uint32_t data, uint64_t to, uint64_t from, uint64_t count) {
    if (!can_init_memory(memory, data, to, from, count)) return false;
    if (count) std::memcpy(memories_[memory]->base() + to, module().datas[data].bytes.data() + from, count);
    return true;
}

bool Instance::can_init_table(uint32_t table, uint32_t elem, uint64_t to, uint64_t from,
                              uint64_t count) const {
    const uint64_t size = elem_dropped_[elem] ? 0 : module().elems[elem].size();
    return within(from, count, size) && tables_[table]->contains(to, count);
}

bool Instance::table_init(uint32_t table, uint32_t elem, uint64_t to, uint64_t from, uint64_t count) {
    if (!can_init_table(table, elem, to, from, count)) return false;
    const ElemSegment& segment = module().elems[elem];
    const bool has_functions = !segment.functions.empty();
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t value = has_functions
                                   ? reinterpret_cast<uint64_t>(function(segment.functions[from + i]))
                                   : elems_[elem][from + i];
        tables_[table]->set(to + i, value);
    }
    return true;
}

const LcFuncRef* Instance::function(uint32_t index) const {
    if (index < imports_.size()) return imports_[index];
    return tail<LcFuncRef>(loaded_->code.layout.func_ref(module().declared_position[index]));
}

Extern Instance::get(ExternKind kind, uint32_t index) const {
    switch (kind) {
    case ExternKind::Func: return canonical(function(index));
    case ExternKind::Table: return tables_[index];
    case ExternKind::Memory: return memories_[index];
    case ExternKind::Global: return globals_[index];
    case ExternKind::Tag: return tags_[index];
    }
    return {};
}

}  // namespace linocut
