#include "runtime/store.hpp"

#include <iterator>

#include "code/stubs.hpp"
#include "runtime/context.hpp"
#include "runtime/hooks.hpp"
#include "runtime/roots.hpp"
#include "runtime/signals.hpp"

namespace linocut {

namespace {

// The JS-API allows 1,000 parameters or results; a v128 takes two words.
constexpr size_t kBufferWords = 2000;

void release_all(const std::vector<void*>& objects) {
    for (void* object : objects) host_hooks().release_object(object);
}

// Moves the objects over and tells them their new store.
template <typename T>
void move_to(Store& store, std::vector<std::unique_ptr<T>>& to, std::vector<std::unique_ptr<T>>& from) {
    for (auto& object : from) object->store = &store;
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
}

template <typename T>
T& keep(std::vector<std::unique_ptr<T>>& all, std::unique_ptr<T> made) {
    all.push_back(std::move(made));
    return *all.back();
}

}  // namespace

Store::Store() : argument_buffer_(std::make_unique_for_overwrite<uint64_t[]>(kBufferWords)) {
    fill_context(host_context_, *this, nullptr);
}

Store::~Store() { clear_objects(); }

Memory& Store::add_memory(const MemoryType& type) {
    return keep(memories_, std::make_unique<Memory>(this, type));
}

Table& Store::add_table(const TableType& type, uint64_t init) {
    return keep(tables_, std::make_unique<Table>(this, type, init));
}

Global& Store::add_global(const GlobalType& type, uint64_t low, uint64_t high) {
    return keep(globals_, std::make_unique<Global>(this, type, low, high));
}

Global& Store::add_global(const GlobalType& type, uint64_t* cell) {
    return keep(globals_, std::make_unique<Global>(this, type, cell));
}

HostFunction& Store::add_host_function(const FuncType& type, HostCallback callback, void* object) {
    TypeIds ids({&type, 1});
    const Signature& signature = signature_of(ids[0]);
    HostFunction& function = keep(
        host_functions_,
        std::make_unique<HostFunction>(HostFunction{{}, std::move(ids), &signature, callback, object, this}));
    function.ref = {reinterpret_cast<void*>(linocut_host_stub),
                    &host_context_ + 1,
                    signature.type_id,
                    LC_FUNC_HOST,
                    0,
                    &function};
    return function;
}

Exit Store::instantiate(std::shared_ptr<const LoadedModule> loaded, std::span<const Extern> imports,
                        Instance*& instance) {
    instance = nullptr;
    if (const Exit refused = may_use(); refused != Exit::Done) return refused;
    assert_fault_handlers();
    instance = &keep(instances_, std::make_unique<Instance>(*this, std::move(loaded), imports));
    return instance->initialize();
}

uint64_t Store::extern_ref(void* object) {
    if (extern_refs_.full()) sweep();
    return extern_refs_.add(object);
}

void Store::absorb(Store& other) {
    for (auto& function : other.host_functions_) function->ref.context = &host_context_ + 1;
    move_to(*this, memories_, other.memories_);
    move_to(*this, tables_, other.tables_);
    move_to(*this, globals_, other.globals_);
    move_to(*this, host_functions_, other.host_functions_);
    extern_refs_.absorb(other.extern_refs_);
}

Exit Store::take_over() {
    Thread& thread = Thread::current();
    if (polling) return Exit::Interrupted;
    if (activations && running != &thread) return Exit::Busy;
    running = &thread;
    return Exit::Done;
}

// Objects are let go of at the very end: that may run any code of the host.
void Store::sweep() {
    extern_refs_.begin_marking();
    mark_roots();
    std::vector<void*> dead;
    if (mark_stack(*this, extern_refs_)) dead = extern_refs_.take_unmarked();
    extern_refs_.raise_threshold();
    release_all(dead);
}

void Store::mark_roots() {
    for (const auto& table : tables_)
        if (table->element() == ValType::ExternRef)
            for (uint64_t i = 0; i < table->size(); i++) extern_refs_.mark(table->get(i));
    for (const auto& global : globals_) extern_refs_.mark(*global->cell);
    for (const auto& instance : instances_)
        for (const auto& elements : instance->elems_)
            for (const uint64_t element : elements) extern_refs_.mark(element);
    for (size_t i = 0; i < kBufferWords; i++) extern_refs_.mark(argument_buffer_[i]);
}

void Store::visit_objects(void (*visit)(void*, void*), void* argument) const {
    for (const auto& function : host_functions_)
        if (function->object) visit(function->object, argument);
    extern_refs_.each([&](void* object) { visit(object, argument); });
}

void Store::clear_objects() {
    std::vector<void*> objects = extern_refs_.take_all();
    for (const auto& function : host_functions_)
        if (void* object = std::exchange(function->object, nullptr)) objects.push_back(object);
    release_all(objects);
}

Store* store_of(const LcFuncRef* function) {
    if (function->kind == LC_FUNC_HOST) return static_cast<HostFunction*>(function->owner)->store;
    return &static_cast<Instance*>(function->owner)->store();
}

Store* store_of(const Extern& object) {
    if (const auto* function = std::get_if<const LcFuncRef*>(&object)) return store_of(*function);
    if (const auto* table = std::get_if<Table*>(&object)) return (*table)->store;
    if (const auto* memory = std::get_if<Memory*>(&object)) return (*memory)->store;
    if (const auto* global = std::get_if<Global*>(&object)) return (*global)->store;
    return nullptr;
}

}  // namespace linocut
