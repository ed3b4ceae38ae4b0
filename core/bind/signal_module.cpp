#include "bind/signal_module.hpp"

#include "bind/python.hpp"
#include "runtime/signals.hpp"

namespace linocut::bind {

namespace {

// `original` is _signal.signal. Whatever it has put in place is now behind our handler, and gets each fault
// that is not machine code's, as if it were alone.
PyObject* set_handler(PyObject* original, PyObject* const* args, Py_ssize_t count) {
    PyObject* const before = PyObject_Vectorcall(original, args, static_cast<size_t>(count), nullptr);
    if (!before) return nullptr;
    const long number = PyLong_AsLong(args[0]);
    if (number == -1 && PyErr_Occurred()) PyErr_Clear();
    reassert_fault_handlers(static_cast<int>(number));
    return before;
}

PyMethodDef definition = {"signal", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(set_handler)),
                          METH_FASTCALL,
                          "signal($module, signalnum, handler, /)\n--\n\n"
                          "Set the action for the given signal, as the built-in function of that name does."};

}  // namespace

// signal.signal() calls _signal.signal() by that name each time, so that this is the one place.
void watch_signal_module() {
    nb::module_ module = nb::module_::import_("_signal");
    const nb::object original = module.attr("signal");
    module.attr("signal") =
        checked(PyCFunction_NewEx(&definition, original.ptr(), module.attr("__name__").ptr()));
}

}  // namespace linocut::bind
