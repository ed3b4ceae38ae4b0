#include "bind/host_call.hpp"

#include <memory>

#include "bind/exception.hpp"
#include "bind/memory.hpp"
#include "bind/raise.hpp"
#include "bind/store.hpp"
#include "bind/thread_end.hpp"
#include "bind/values.hpp"
#include "runtime/instance.hpp"
#include "runtime/stack_walk.hpp"

namespace linocut::bind {

namespace {

// The arguments of one call as Python objects, with the free place before them that vectorcall may use.
class Arguments {
public:
    explicit Arguments(size_t count) {
        if (count > kInline) {
            large_ = std::make_unique<PyObject*[]>(count + 1);
            objects_ = large_.get() + 1;
        }
    }
    ~Arguments() {
        for (size_t i = 0; i < size_; i++) Py_DECREF(objects_[i]);
    }
    Arguments(const Arguments&) = delete;
    Arguments& operator=(const Arguments&) = delete;

    bool push(PyObject* fresh) {
        if (!fresh) return false;
        objects_[size_++] = fresh;
        return true;
    }
    PyObject* pass_to(PyObject* callable) {
        return without_unwinding([&] {
            return PyObject_Vectorcall(callable, objects_, size_ | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
        });
    }

private:
    static constexpr size_t kInline = 8;
    PyObject* inline_[kInline + 1];
    std::unique_ptr<PyObject*[]> large_;
    PyObject** objects_ = inline_ + 1;
    size_t size_ = 0;
};

nb::object call_with(PyObject* callable, const Signature& signature, const uint64_t* frame,
                     nb::handle owner) {
    const auto& types = signature.type->params;
    Arguments arguments(types.size());
    for (size_t i = 0; i < types.size(); i++)
        if (!arguments.push(from_words(types[i], &frame[signature.params[i]], owner))) return {};
    if (Py_EnterRecursiveCall(" in a function called from WebAssembly")) return {};
    PyObject* result = arguments.pass_to(callable);
    Py_LeaveRecursiveCall();
    return nb::steal(result);
}

bool store_several(PyObject* results, const Signature& signature, uint64_t* frame, nb::handle owner) {
    const auto& types = signature.type->results;
    const nb::object items = nb::steal(PySequence_Fast(results, "several results want a tuple or a list"));
    if (!items) return false;
    if (PySequence_Fast_GET_SIZE(items.ptr()) != static_cast<Py_ssize_t>(types.size())) {
        PyErr_Format(PyExc_ValueError, "the host function gave %zd results, its type has %zu",
                     PySequence_Fast_GET_SIZE(items.ptr()), types.size());
        return false;
    }
    for (size_t i = 0; i < types.size(); i++) {
        // A conversion may run Python code, which may shorten a list.
        const nb::object item = nb::steal(PySequence_GetItem(items.ptr(), i));
        if (!item || !to_words(item.ptr(), types[i], owner, &frame[signature.results[i]])) return false;
    }
    return true;
}

bool store_results(PyObject* result, const Signature& signature, uint64_t* frame, nb::handle owner) {
    const auto& types = signature.type->results;
    if (types.empty()) return true;  // whatever a function without results returns is dropped
    if (types.size() == 1) return to_words(result, types[0], owner, &frame[signature.results[0]]);
    return store_several(result, signature, frame, owner);
}

// An object that the store has not let go of yet.
nb::object alive(void* object) {
    if (!object) {
        PyErr_SetString(PyExc_ReferenceError, "the host function has been garbage-collected");
        rethrow();
    }
    return nb::borrow(static_cast<PyObject*>(object));
}

Exit call(const nb::object& callable, HostFunction& function, uint64_t* frame) {
    const nb::handle owner(static_cast<PyObject*>(function.store->user));
    const nb::object result = call_with(callable.ptr(), *function.signature, frame, owner);
    const bool done = result && store_results(result.ptr(), *function.signature, frame, owner);
    return done ? Exit::Done : exit_with_pending(function);
}

constexpr const char* kForMemory = "__linocut_for_memory__";
constexpr const char* kKeepsLock = "__linocut_keeps_lock__";

// Memory 0 of an instance, or None.
nb::object memory_of(const Instance& instance, const Store& store) {
    if (instance.module().memories.empty()) return nb::none();
    return nb::cast(handle_of(instance.memory(0), owner_of(store)));
}

// The callable that serves that instance's calls. It is asked for once, unless instances take turns.
nb::object server_for(const Instance* caller, HostFunction& function) {
    if (!caller) return alive(function.object);
    if (function.server && function.served == caller) return alive(function.server);
    const nb::object serves_all = alive(function.object);
    nb::object server = serves_all.attr(kForMemory)(memory_of(*caller, *function.store));
    const nb::object last = nb::steal(static_cast<PyObject*>(function.server));
    function.served = caller;
    function.server = server.inc_ref().ptr();
    return server;
}

Exit call_served(HostFunction& function, uint64_t* frame) noexcept {
    try {
        return call(server_for(calling_instance(Thread::current()), function), function, frame);
    } catch (...) {
        raise_current();
    }
    return Exit::HostException;
}

Exit call_plain(HostFunction& function, uint64_t* frame) noexcept {
    try {
        return call(alive(function.object), function, frame);
    } catch (...) {
        raise_current();
    }
    return Exit::HostException;
}

}  // namespace

bool keeps_lock(nb::handle callable) { return nb::hasattr(callable.type(), kKeepsLock); }

HostCallback callback_for(nb::handle callable) {
    return nb::hasattr(callable.type(), kForMemory) ? call_served : call_plain;
}

}  // namespace linocut::bind
