// The store (§4.2.3): owns everything that instances share, and lives as a whole. Whatever belongs to
// it stays valid until it goes; a pointer to an object of it and something that keeps the store alive
// make a handle.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "code/activation.hpp"
#include "context.h"
#include "runtime/exceptions.hpp"
#include "runtime/exit.hpp"
#include "runtime/extern_refs.hpp"
#include "runtime/host_function.hpp"
#include "runtime/instance.hpp"
#include "runtime/store_limits.hpp"
#include "runtime/thread.hpp"

namespace linocut {

class Store : public StoreHead {
public:
    explicit Store(const StoreLimits& limits = {});
    ~Store();  // with the interpreter's lock held: drops objects of the host
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    Memory& add_memory(const MemoryType& type);
    Table& add_table(const TableType& type, uint64_t init);
    Global& add_global(const GlobalType& type, const Wide& value);
    Global& add_global(const GlobalType& type, uint64_t* cell);  // an instance's
    Tag& add_tag(const FuncType& type);
    // Takes over one reference to `object`.
    HostFunction& add_host_function(const FuncType& type, HostCallback callback, void* object);
    // Links and initializes (§4.5.4). The instance belongs to the store even when it comes back with a
    // trap: tables may hold its functions by then. Throws LinkError and OutOfMemory, mostly with nothing left
    // in the store: then `instance` is null.
    Exit instantiate(std::shared_ptr<const LoadedModule> loaded, std::span<const Extern> imports,
                     Instance*& instance);

    // A reference to an object of the host; takes over one reference to it. May sweep.
    uint64_t extern_ref(void* object);
    static void* extern_object(uint64_t reference) { return ExternRefs::object(reference); }

    // An exception that the thread throws; may sweep, and so takes the interpreter's lock. Throws std::bad_alloc.
    uint64_t add_exception(std::unique_ptr<Exception> exception, Thread& thread);
    // No sweep of any thread takes the exception while the host makes an object of it: that may run any code.
    // Throws std::bad_alloc.
    class Raising {
    public:
        Raising(Store& store, uint64_t reference);
        ~Raising();
        Raising(const Raising&) = delete;
        Raising& operator=(const Raising&) = delete;

    private:
        Store& store_;
        uint64_t reference_;
    };
    // Nothing refers to it, and it has no object.
    void forget_exception(uint64_t reference) { exceptions_.remove(reference); }
    // Lets go of the host's objects of exceptions that are gone; with the lock held.
    void release_gone_exceptions();

    // What was added since is removed again, if nothing refers to it.
    struct Extent {
        size_t memories, tables, globals, tags, host_functions;
    };
    Extent extent() const;
    void cut_back(const Extent& before) noexcept;

    // Takes over all that belongs to `other`, which has no instances yet and does not run. `other` stays
    // empty. Handles of its objects must keep this store alive from now on. All or nothing, where memory runs
    // out.
    void absorb(Store& other);
    bool has_instances() const { return !instances_.empty(); }

    // Done when the calling thread may enter the store or change something in it; else Busy, Interrupted.
    Exit may_use() { return running == Thread::current_or_null() && running ? Exit::Done : take_over(); }

    // The slow half of may_use. A thread that ran in the store when another one forked is not in the child:
    // there the store is free, in whatever state that thread left it.
    Exit take_over();
    bool is_occupied_by_another() const;

    // Ends the call that runs in the store, at its next safepoint, in Exit::Stopped. False if none does. From any
    // thread, with the interpreter's lock held.
    bool interrupt();
    bool is_asked_to_stop() const { return stop_asked_.load(std::memory_order_relaxed); }
    // Whether it was asked to since the call began; it is not any more.
    bool stops(Thread& thread);

    // Objects of the host that the store owns, once for each reference (for tp_traverse)…
    void visit_objects(void (*visit)(void* object, void* argument), void* argument) const;
    // … and letting go of them (for tp_clear): host functions without one must fail with a clear error.
    void clear_objects();

    size_t live_exceptions() const { return exceptions_.live(); }
    size_t live_extern_refs() const { return extern_refs_.live(); }
    uint64_t* argument_buffer() { return argument_buffer_.get(); }

    const StoreLimits limits;
    // The lowest stack pointer of the calls that began with the outermost one, where the stack is limited.
    void limit_stack(const Thread& thread, LcContext& context);

    void* user = nullptr;      // bind's: the object that stands for this store
    uint32_t activations = 0;  // now, of machine code
    uint32_t polling = 0;      // signal handlers that interrupted it are running

private:
    friend class Instance;

    void sweep();
    void release_dead();
    void sweep_exceptions();
    void mark_roots(ExternRefs& references, ValType type);

    std::atomic<bool> stop_asked_{false};
    uint64_t stack_limit_ = 0;
    Thread* owner_ = nullptr;   // who took it over last; valid while it runs or polls
    LcContext host_context_{};  // of host functions that are called without an instance
    std::unique_ptr<uint64_t[]> argument_buffer_;
    ExternRefs extern_refs_;
    Exceptions exceptions_;
    std::vector<uint64_t> raising_;
    std::vector<std::unique_ptr<Memory>> memories_;
    std::vector<std::unique_ptr<Table>> tables_;
    std::vector<std::unique_ptr<Global>> globals_;
    std::vector<std::unique_ptr<Tag>> tags_;
    std::vector<std::unique_ptr<HostFunction>> host_functions_;
    std::vector<std::unique_ptr<Instance>> instances_;
};

Store* store_of(const Extern& object);
Store* store_of(const LcFuncRef* function);

}  // namespace linocut
