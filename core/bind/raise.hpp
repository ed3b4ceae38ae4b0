// From the runtime's outcomes and errors to Python exceptions.
#pragma once

#include "bind/python.hpp"
#include "runtime/exit.hpp"
#include "runtime/trap.hpp"

namespace linocut::bind {

// Sets the exception for an outcome that is not Done. Returns null.
PyObject* raise(Exit exit);
// Sets the exception for the C++ exception that is being handled. Returns null.
PyObject* raise_current();

// What an exception keeps until somebody asks for its frames.
nb::object backtrace_of(TrapRecord record);

void bind_raise(nb::module_& module);

}  // namespace linocut::bind
