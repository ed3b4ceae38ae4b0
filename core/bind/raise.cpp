#include "bind/raise.hpp"

#include <exception>
#include <new>

#include "base/errors.hpp"
#include "base/out_of_memory.hpp"
#include "bind/exception.hpp"
#include "bind/face.hpp"
#include "engine/engine.hpp"
#include "runtime/thread.hpp"
#include "runtime/trap.hpp"

namespace linocut::bind {

namespace {

// What a Trap keeps until somebody asks for its frames: finding them compiles functions again.
struct Backtrace {
    TrapRecord record;

    nb::list frames() const {
        nb::list frames = new_list();
        for (const Frame& frame : backtrace(record)) {
            nb::object name = nb::none();
            if (!frame.name.empty())
                name = checked(PyUnicode_DecodeUTF8(frame.name.data(), frame.name.size(), "replace"));
            frames.append(nb::make_tuple(frame.function, name, frame.offset));
        }
        return frames;
    }
};

void set(const char* class_name, nb::object arguments) {
    const nb::object type = face().errors.attr(class_name);
    PyErr_SetObject(type.ptr(), arguments.ptr());
}

void raise_trap() {
    TrapRecord record = Thread::current().take_trap();
    const TrapKind kind = record.kind;
    const nb::object trace = backtrace_of(std::move(record));
    set(kind == TrapKind::StackExhausted ? "StackExhausted" : "Trap",
        nb::make_tuple(name_of(kind), message_of(kind), trace));
}

template <typename T>
nb::object or_none(const std::optional<T>& value) {
    return value ? nb::cast(*value) : nb::none();
}

void raise_module_error(const ModuleError& error) {
    constexpr const char* kClasses[] = {"MalformedError", "InvalidError", "UnsupportedError"};  // by Refusal
    const nb::object feature =
        error.feature.empty() ? nb::none() : nb::object(nb::str(error.feature.c_str()));
    set(kClasses[static_cast<size_t>(error.refusal)],
        nb::make_tuple(error.what(), or_none(error.offset), or_none(error.function), feature));
}

}  // namespace

nb::object backtrace_of(TrapRecord record) { return nb::cast(Backtrace{std::move(record)}); }

PyObject* raise(Exit exit) {
    switch (exit) {
    case Exit::Done:
    case Exit::HostException: break;  // it is set already
    case Exit::Trap: raise_trap(); break;
    case Exit::Exception: raise_exception(); break;
    case Exit::Timeout: set("Timeout", nb::make_tuple("the call's time is up")); break;
    case Exit::Stopped: set("Interrupted", nb::make_tuple("the call was interrupted")); break;
    case Exit::Busy: PyErr_SetString(PyExc_RuntimeError, "another thread runs in this store"); break;
    case Exit::Interrupted:
        PyErr_SetString(PyExc_RuntimeError, "a signal handler cannot use the store that it interrupted");
        break;
    }
    return nullptr;
}

namespace {

// Translates the C++ exception being handled; may itself run out of memory.
void translate_current() {
    try {
        throw;
    } catch (nb::python_error& error) {
        error.restore();
    } catch (const ModuleError& error) {
        raise_module_error(error);
    } catch (const LinkError& error) {
        set("LinkError", nb::make_tuple(error.what()));
    } catch (const NoCompiler& error) {
        set("NoCompilerError", nb::make_tuple(error.what()));
    } catch (const OutOfMemory& error) {
        PyErr_SetString(PyExc_MemoryError, error.what());
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
    } catch (const std::exception& error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
    }
}

}  // namespace

PyObject* raise_current() {
    try {
        translate_current();
    } catch (nb::python_error& error) {
        error.restore();
    } catch (const std::exception&) {
        PyErr_NoMemory();  // anything else is a thread that ends, and passes on
    }
    return nullptr;
}

void bind_raise(nb::module_& module) {
    nb::class_<Backtrace>(module, "Backtrace").def("frames", &Backtrace::frames);
    nb::register_exception_translator([](const std::exception_ptr& error, void*) {
        try {
            std::rethrow_exception(error);
        } catch (const ModuleError&) {
            raise_current();
        } catch (const LinkError&) {
            raise_current();
        } catch (const NoCompiler&) {
            raise_current();
        } catch (const std::bad_alloc&) {
            raise_current();
        }
    });
}

}  // namespace linocut::bind
