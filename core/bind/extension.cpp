// The extension module linocut._core.
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "bind/code.hpp"
#include "bind/face.hpp"
#include "bind/faulthandler.hpp"
#include "bind/func.hpp"
#include "bind/global.hpp"
#include "bind/instance.hpp"
#include "bind/listing.hpp"
#include "bind/memory.hpp"
#include "bind/note.hpp"
#include "bind/raise.hpp"
#include "bind/signal_module.hpp"
#include "bind/store.hpp"
#include "bind/table.hpp"
#include "bind/tag.hpp"
#include "bind/thread_end.hpp"
#include "bind/timeout.hpp"
#include "code/cpu.hpp"
#include "engine/engine.hpp"

namespace linocut::bind {

namespace {

void* release_lock() { return PyEval_SaveThread(); }
void acquire_lock(void* state) {
    without_unwinding([state] { PyEval_RestoreThread(static_cast<PyThreadState*>(state)); });
}
void release_object(void* object) { Py_DECREF(static_cast<PyObject*>(object)); }

// The exception that PyThreadState_SetAsyncExc left for this thread. Python looks for it when Python code
// runs again, which may be never.
PyObject*& asked_exception(PyThreadState* state) { return state->async_exc; }

bool is_asked_to_raise(void* state) {
    return __atomic_load_n(&asked_exception(static_cast<PyThreadState*>(state)), __ATOMIC_RELAXED);
}

int check_signals() {
    if (PyErr_CheckSignals() != 0) return -1;
    PyObject* type = __atomic_exchange_n(&asked_exception(PyThreadState_Get()), nullptr, __ATOMIC_SEQ_CST);
    if (!type) return 0;
    PyErr_SetNone(type);
    Py_DECREF(type);
    return -1;
}

// Looked up without allocating: a sweep asks, perhaps because memory has run out.
PyObject* greenlet_name = nullptr;
bool has_greenlets() { return PyDict_GetItemWithError(PyImport_GetModuleDict(), greenlet_name); }

// Python runs signal handlers on the process's first thread, and in a forked child on the only one.
bool on_main_thread() { return syscall(SYS_gettid) == getpid(); }

// All Python-level handlers go through one C function, which Python does not name; where SIGINT has a
// Python-level handler, as it has by default, that function can be read off.
PyOS_sighandler_t signal_handler() {
    const nb::object handler = nb::module_::import_("_signal").attr("getsignal")(SIGINT);
    return PyCallable_Check(handler.ptr()) ? PyOS_getsig(SIGINT) : nullptr;
}

HostHooks hooks() {
    return {check_signals,  is_asked_to_raise, release_lock,   acquire_lock,    note_frames,
            release_object, has_greenlets,     on_main_thread, signal_handler()};
}

// The classes appear as members of the module that a user finds them in.
void publish(nb::module_& module) {
    for (const char* name : {"Store", "Memory", "Table", "Global", "Tag"})
        module.attr(name).attr("__module__") = "linocut";
}

PyObject* refuse_new(PyTypeObject* type, PyObject*, PyObject*) {
    PyErr_Format(PyExc_TypeError, "%s objects are not made by __new__", type->tp_name);
    return nullptr;
}

// No object can be obtained half made or be taken for another: calling a class makes one in one step, and
// there is no other way; no subclasses, no assignment to __class__.
void seal(nb::module_& module) {
    for (const char* name :
         {"Store", "Memory", "Table", "Global", "Tag", "Instance", "Code", "Listing", "Backtrace"}) {
        auto* type = reinterpret_cast<PyTypeObject*>(nb::object(module.attr(name)).ptr());
        type->tp_new = refuse_new;
        type->tp_flags &= ~Py_TPFLAGS_BASETYPE;
        type->tp_flags |= Py_TPFLAGS_IMMUTABLETYPE;
        PyType_Modified(type);
    }
}

}  // namespace

// An exception thrown here becomes an ImportError with its text.
NB_MODULE(_core_anywhere, module) {
    // Objects that live until the interpreter ends are not the user's mistake.
    nb::set_leak_warnings(false);
    if (const char* missing = missing_instruction_set())
        throw std::runtime_error("linocut needs a processor with SSE4.1 and POPCNT; this one has no " +
                                 std::string(missing));
    greenlet_name = checked(PyUnicode_InternFromString("greenlet")).release().ptr();
    initialize(hooks());
    watch_faulthandler();
    watch_signal_module();
    bind_face(module);
    bind_raise(module);
    bind_timeout(module);
    bind_store(module);
    bind_func(module);
    bind_memory(module);
    bind_table(module);
    bind_global(module);
    bind_tag(module);
    bind_instance(module);
    bind_code(module);
    bind_listing(module);
    publish(module);
    seal(module);
}

namespace {

int (*set_up)(PyObject* module) = nullptr;

// Classes and hooks belong to the process, and an object of one interpreter must not get into another. Even
// nanobind's part of the set-up would take the first interpreter's classes away.
int set_up_in_main_interpreter(PyObject* module) {
    if (PyInterpreterState_Get() == PyInterpreterState_Main()) return set_up(module);
    PyErr_SetString(PyExc_ImportError, "linocut works in the main interpreter only, not in a subinterpreter");
    return -1;
}

}  // namespace

}  // namespace linocut::bind

extern "C" NB_EXPORT PyObject* PyInit__core() {
    using namespace linocut::bind;
    PyObject* made = PyInit__core_anywhere();
    if (!made || set_up) return made;
    auto* definition = reinterpret_cast<PyModuleDef*>(made);
    definition->m_name = "_core";
    for (PyModuleDef_Slot* slot = definition->m_slots; slot->slot; slot++) {
        if (slot->slot != Py_mod_exec) continue;
        set_up = reinterpret_cast<int (*)(PyObject*)>(slot->value);
        slot->value = reinterpret_cast<void*>(set_up_in_main_interpreter);
    }
    return made;
}
