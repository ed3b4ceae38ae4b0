// Python.h and nanobind, and the little that every file here needs of them.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>

namespace nb = nanobind;

namespace linocut::bind {

// Thrown where a Python exception is already set.
[[noreturn]] inline void rethrow() { throw nb::python_error(); }

inline nb::object checked(PyObject* fresh) {
    if (!fresh) rethrow();
    return nb::steal(fresh);
}

}  // namespace linocut::bind
