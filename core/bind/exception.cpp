#include "bind/exception.hpp"

#include <utility>
#include <vector>

#include "bind/extern.hpp"
#include "bind/face.hpp"
#include "bind/note.hpp"
#include "bind/raise.hpp"
#include "bind/store.hpp"
#include "bind/tag.hpp"
#include "bind/values.hpp"
#include "runtime/unwind.hpp"
#include "wasm/value_class.hpp"

namespace linocut::bind {

namespace {

nb::object exception_class() { return face().errors.attr("WasmException"); }

// The words of the values, which are as many as the tag's type says.
std::vector<uint64_t> words_from(nb::handle values, const FuncType& type, nb::handle owner) {
    const nb::object items = checked(PySequence_Tuple(values.ptr()));
    const auto count = static_cast<size_t>(PyTuple_GET_SIZE(items.ptr()));
    if (count != type.params.size()) {
        PyErr_Format(PyExc_ValueError, "the tag takes %zu values, not %zu", type.params.size(), count);
        rethrow();
    }
    std::vector<uint64_t> words(words_of(type.params) + 1);  // never without an address
    uint64_t* at = words.data();
    for (size_t i = 0; i < count; i++) {
        if (!to_words(PyTuple_GET_ITEM(items.ptr(), i), type.params[i], owner, at)) rethrow();
        at += words_of(type.params[i]);
    }
    return words;
}

// Throws the exception on; what cannot be thrown so raises.
Exit throw_on(nb::object exception, HostFunction& function) {
    const nb::object given = exception.attr("tag");
    if (!nb::isinstance<TagHandle>(given)) {
        PyErr_Format(PyExc_TypeError, "the tag of a WasmException is a Tag, not %R", given.ptr());
        rethrow();
    }
    const Tag& tag = *nb::inst_ptr<TagHandle>(given)->target;
    Store& store = unite(*function.store, *tag.store);
    const std::vector<uint64_t> words =
        words_from(exception.attr("values"), tag.type, nb::handle(static_cast<PyObject*>(store.user)));
    store.release_gone_exceptions();
    return throw_exception(Thread::current(), store, &tag, words.data(), exception.release().ptr());
}

// The pending exception, which is none any more.
nb::object take_pending() {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback) PyException_SetTraceback(value, traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return nb::steal(value);
}

// An exception of Python's own: no tag is its.
Exit throw_foreign(nb::object exception, HostFunction& function) {
    function.store->release_gone_exceptions();
    return throw_exception(Thread::current(), *function.store, nullptr, nullptr, exception.release().ptr());
}

void set_pending(PyObject* exception) {
    PyErr_Restore(Py_NewRef(reinterpret_cast<PyObject*>(Py_TYPE(exception))), exception,
                  PyException_GetTraceback(exception));
}

nb::object object_of(uint64_t reference);

nb::tuple values_of(const Exception& exception, nb::handle owner) {
    nb::list values = new_list();
    const uint64_t* at = exception.words.get();
    for (const ValType type : exception.tag->type.params) {
        values.append(type == ValType::ExnRef ? object_of(*at) : checked(from_words(type, at, owner)));
        at += words_of(type);
    }
    return nb::tuple(values);
}

nb::object make(const Exception& exception, nb::object trace) {
    const nb::object owner = owner_of(*exception.store);
    const nb::object tag = to_python(const_cast<Tag*>(exception.tag), owner, nb::none());
    return exception_class()(tag, values_of(exception, owner), trace);
}

// An exception that another one holds. It is made once: two may hold it, and what they hold, many times over.
nb::object object_of(uint64_t reference) {
    if (!reference) return nb::none();
    Exception& exception = Exceptions::at(reference);
    if (!exception.object) {
        if (!exception.tag) return nb::none();  // its store has been garbage-collected
        if (Py_EnterRecursiveCall(" in exceptions that hold others")) rethrow();
        nb::object made;
        try {
            made = make(exception, nb::tuple());
        } catch (...) {
            Py_LeaveRecursiveCall();
            throw;
        }
        Py_LeaveRecursiveCall();
        exception.object = made.release().ptr();
    }
    return nb::borrow(static_cast<PyObject*>(exception.object));
}

void set_new(const Exception& exception, TrapRecord record) {
    const nb::object made = make(exception, backtrace_of(std::move(record)));
    PyErr_SetObject(exception_class().ptr(), made.ptr());
}

}  // namespace

Exit exit_with_pending(HostFunction& function) noexcept {
    nb::object exception = take_pending();
    try {
        if (nb::isinstance(exception, exception_class())) return throw_on(std::move(exception), function);
        if (function.is_catchable && nb::isinstance(exception, nb::handle(PyExc_Exception)))
            return throw_foreign(std::move(exception), function);
    } catch (...) {
        raise_current();
        return Exit::HostException;
    }
    set_pending(exception.release().ptr());
    return Exit::HostException;
}

void raise_exception() {
    Thread& thread = Thread::current();
    const uint64_t reference = std::exchange(thread.thrown, 0);
    Exception& exception = Exceptions::at(reference);
    TrapRecord record = thread.take_trap();
    if (exception.object) {
        PyObject* const object = static_cast<PyObject*>(exception.object);
        set_pending(exception.is_referenced ? Py_NewRef(object) : object);
        if (!exception.is_referenced) exception.object = nullptr;
        note_frames(record);
    } else if (!exception.tag) {
        PyErr_SetString(PyExc_ReferenceError, "the exception has been garbage-collected");
    } else {
        const Store::Raising raising(*exception.store, reference);
        set_new(exception, std::move(record));
    }
    if (!exception.is_referenced) exception.store->forget_exception(reference);
}

}  // namespace linocut::bind
