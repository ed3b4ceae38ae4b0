#include "runtime/store.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/errors.hpp"
#include "code/stubs.hpp"
#include "runtime/context.hpp"
#include "runtime/hooks.hpp"
#include "runtime/interrupts.hpp"
#include "runtime/roots.hpp"
#include "runtime/signals.hpp"

namespace linocut {

namespace {

// The JS-API allows 1,000 parameters or results; a v128 takes two words.
constexpr size_t kBufferWords = 2000;

template <typename T>
void reserve_for(std::vector<std::unique_ptr<T>>& to, const std::vector<std::unique_ptr<T>>& from) {
    to.reserve(to.size() + from.size());
}

// Moves the objects over and tells them their new store. There is room for them.
template <typename T>
void move_to(Store& store, std::vector<std::unique_ptr<T>>& to,
             std::vector<std::unique_ptr<T>>& from) noexcept {
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

Store::Store(const StoreLimits& limits)
    : limits(limits), argument_buffer_(std::make_unique_for_overwrite<uint64_t[]>(kBufferWords)) {
    fill_context(host_context_, *this, nullptr);
}

Store::~Store() { clear_objects(); }

Memory& Store::add_memory(const MemoryType& type) {
    return keep(memories_, std::make_unique<Memory>(this, type, limits));
}

Table& Store::add_table(const TableType& type, uint64_t init) {
    return keep(tables_, std::make_unique<Table>(this, type, init));
}

Global& Store::add_global(const GlobalType& type, const Wide& value) {
    return keep(globals_, std::make_unique<Global>(this, type, value));
}

Global& Store::add_global(const GlobalType& type, uint64_t* cell) {
    return keep(globals_, std::make_unique<Global>(this, type, cell));
}

Tag& Store::add_tag(const FuncType& type) { return keep(tags_, std::make_unique<Tag>(Tag{this, type})); }

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
    if (instances_.size() >= limits.instances)
        throw LinkError("the store has " + std::to_string(instances_.size()) +
                        " instances: its limits allow no more");
    assert_fault_handlers();
    const Extent before = extent();
    try {
        instance = &keep(instances_, std::make_unique<Instance>(*this, std::move(loaded), imports));
    } catch (...) {
        cut_back(before);
        throw;
    }
    return instance->initialize();
}

// With the lock held no call begins or ends, in a store that has one.
bool Store::interrupt() {
    if (!activations || owner_->is_lost.load(std::memory_order_relaxed)) return false;
    stop_asked_.store(true);
    stop_thread(*owner_);
    return true;
}

bool Store::stops(Thread& thread) {
    if (!is_asked_to_stop() || !stop_asked_.exchange(false)) return false;
    thread.asked_to_stop.store(false);
    return true;
}

// Once for all calls on top of each other: those of host functions that call back go on where they are.
void Store::limit_stack(const Thread& thread, LcContext& context) {
    if (limits.stack == StoreLimits::kNone) {
        context.stack_limit = thread.stack_limit;
        return;
    }
    if (!activations) {
        const auto top = reinterpret_cast<uint64_t>(__builtin_frame_address(0));
        const uint64_t room = top - std::min(top, thread.stack_limit);
        stack_limit_ = top - std::min(room, limits.stack);
    }
    context.stack_limit = stack_limit_;
}

uint64_t Store::extern_ref(void* object) {
    if (extern_refs_.full()) sweep();
    return extern_refs_.add(object);
}

void Store::absorb(Store& other) {
    reserve_for(memories_, other.memories_);
    reserve_for(tables_, other.tables_);
    reserve_for(globals_, other.globals_);
    reserve_for(tags_, other.tags_);
    reserve_for(host_functions_, other.host_functions_);
    extern_refs_.reserve_for(other.extern_refs_);
    exceptions_.handles().reserve_for(other.exceptions_.handles());
    for (auto& function : other.host_functions_) function->ref.context = &host_context_ + 1;
    move_to(*this, memories_, other.memories_);
    move_to(*this, tables_, other.tables_);
    move_to(*this, globals_, other.globals_);
    move_to(*this, tags_, other.tags_);
    move_to(*this, host_functions_, other.host_functions_);
    extern_refs_.absorb(other.extern_refs_);
    exceptions_.absorb(other.exceptions_, *this);
}

Store::Extent Store::extent() const {
    return {memories_.size(), tables_.size(), globals_.size(), tags_.size(), host_functions_.size()};
}

// A host function goes before its object: letting go of that may run any code of the host.
void Store::cut_back(const Extent& before) noexcept {
    memories_.resize(before.memories);
    tables_.resize(before.tables);
    globals_.resize(before.globals);
    tags_.resize(before.tags);
    while (host_functions_.size() > before.host_functions) {
        void* object = host_functions_.back()->object;
        host_functions_.pop_back();
        if (object) host_hooks().release_object(object);
    }
}

Exit Store::take_over() {
    Thread& thread = Thread::current();
    const bool is_occupied = activations || polling;
    if (is_occupied && owner_->is_lost.load(std::memory_order_relaxed)) {
        activations = 0;
        polling = 0;
    } else if (is_occupied && owner_ != &thread) {
        return Exit::Busy;
    }
    if (polling) return Exit::Interrupted;
    owner_ = &thread;
    running = &thread;
    return Exit::Done;
}

bool Store::is_occupied_by_another() const {
    return (activations || polling) && owner_ != Thread::current_or_null();
}

// Objects are let go of at the very end: that may run any code of the host.
void Store::sweep() {
    extern_refs_.begin_marking();
    mark_roots(extern_refs_, ValType::ExternRef);
    if (mark_stack(*this, extern_refs_)) extern_refs_.bury_unmarked();
    extern_refs_.raise_threshold();
    release_dead();
}

void Store::release_dead() {
    while (void* object = extern_refs_.take_dead()) host_hooks().release_object(object);
}

// Of references of that type, but for those on the stack. What exceptions hold is one: those that only another
// exception refers to go a sweep later than that one.
void Store::mark_roots(ExternRefs& references, ValType type) {
    for (const auto& table : tables_)
        if (table->element() == type)
            for (uint64_t i = 0; i < table->size(); i++) references.mark(table->get(i));
    for (const auto& global : globals_) references.mark(*global->cell);
    for (const auto& instance : instances_)
        for (const auto& elements : instance->elems_)
            for (const uint64_t element : elements) references.mark(element);
    for (size_t i = 0; i < kBufferWords; i++) references.mark(argument_buffer_[i]);
    exceptions_.each([&references](const Exception& exception) {
        for (const uint64_t word : exception.values()) references.mark(word);
    });
}

Store::Raising::Raising(Store& store, uint64_t reference) : store_(store), reference_(reference) {
    store.raising_.push_back(reference);
}

Store::Raising::~Raising() { store_.raising_.erase(std::ranges::find(store_.raising_, reference_)); }

uint64_t Store::add_exception(std::unique_ptr<Exception> exception, Thread& thread) {
    if (exceptions_.full()) {
        if (thread.lock_released) thread.take_lock_back();
        sweep_exceptions();
    }
    return exceptions_.add(std::move(exception));
}

// What an exception about to be made holds is on the stack, as it is in the argument buffer or a frame of bind's.
void Store::sweep_exceptions() {
    exceptions_.begin_marking();
    mark_roots(exceptions_.handles(), ValType::ExnRef);
    exceptions_.handles().mark(Thread::current().thrown);
    for (const uint64_t reference : raising_) exceptions_.handles().mark(reference);
    if (mark_stack(*this, exceptions_.handles())) exceptions_.sweep_unmarked();
    exceptions_.handles().raise_threshold();
}

void Store::release_gone_exceptions() {
    while (void* object = exceptions_.take_object()) host_hooks().release_object(object);
}

void Store::visit_objects(void (*visit)(void*, void*), void* argument) const {
    for (const auto& function : host_functions_) {
        if (function->object) visit(function->object, argument);
        if (function->server) visit(function->server, argument);
    }
    extern_refs_.each([&](void* object) { visit(object, argument); });
    exceptions_.each_object([&](void* object) { visit(object, argument); });
}

// Allocates nothing: destructors call it. By index: what is let go of may add functions.
void Store::clear_objects() {
    extern_refs_.bury_all();
    release_dead();
    while (void* object = exceptions_.take_live_object()) host_hooks().release_object(object);
    release_gone_exceptions();
    for (size_t i = 0; i < host_functions_.size(); i++) {
        if (void* object = std::exchange(host_functions_[i]->object, nullptr))
            host_hooks().release_object(object);
        if (void* server = std::exchange(host_functions_[i]->server, nullptr))
            host_hooks().release_object(server);
    }
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
    if (const auto* tag = std::get_if<Tag*>(&object)) return (*tag)->store;
    return nullptr;
}

}  // namespace linocut
