// The extension module linocut._core.
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bind/code.hpp"
#include "bind/face.hpp"
#include "bind/faulthandler.hpp"
#include "bind/func.hpp"
#include "bind/global.hpp"
#include "bind/instance.hpp"
#include "bind/listing.hpp"
#include "bind/memory.hpp"
#include "bind/raise.hpp"
#include "bind/store.hpp"
#include "bind/table.hpp"
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

bool has_greenlets() { return PyDict_GetItemString(PyImport_GetModuleDict(), "greenlet"); }

// Python runs signal handlers on the process's first thread, and in a forked child on the only one.
bool on_main_thread() { return syscall(SYS_gettid) == getpid(); }

// Every Python-level handler hangs on one C function, which Python does not name; where SIGINT has a
// Python-level handler, as it has by default, that function can be read off.
PyOS_sighandler_t signal_handler() {
    const nb::object handler = nb::module_::import_("_signal").attr("getsignal")(SIGINT);
    return PyCallable_Check(handler.ptr()) ? PyOS_getsig(SIGINT) : nullptr;
}

HostHooks hooks() {
    return {PyErr_CheckSignals, release_lock,   acquire_lock,    release_object,
            has_greenlets,      on_main_thread, signal_handler()};
}

// The classes appear as what they are to a user.
void publish(nb::module_& module) {
    for (const char* name : {"Store", "Memory", "Table", "Global"})
        module.attr(name).attr("__module__") = "linocut";
}

}  // namespace

NB_MODULE(_core, module) {
    // Objects that live until the interpreter ends are no mistake of the user's.
    nb::set_leak_warnings(false);
    if (const char* missing = missing_instruction_set()) {
        PyErr_Format(PyExc_ImportError,
                     "linocut needs a processor with SSE4.1 and POPCNT; this one has no %s", missing);
        throw nb::python_error();
    }
    initialize(hooks());
    watch_faulthandler();
    bind_face(module);
    bind_raise(module);
    bind_timeout(module);
    bind_store(module);
    bind_func(module);
    bind_memory(module);
    bind_table(module);
    bind_global(module);
    bind_instance(module);
    bind_code(module);
    bind_listing(module);
    publish(module);
}

}  // namespace linocut::bind
