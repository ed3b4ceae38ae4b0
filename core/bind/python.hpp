// Python.h and nanobind, and the little that every file here needs of them.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace nb = nanobind;

namespace linocut::bind {

// Thrown where a Python exception is already set.
[[noreturn]] inline void rethrow() { throw nb::python_error(); }

inline nb::object checked(PyObject* fresh) {
    if (!fresh) rethrow();
    return nb::steal(fresh);
}

// nanobind's own constructors do not notice when memory runs out, or report it as something else.
inline nb::object new_str(std::string_view utf8) {
    return checked(PyUnicode_FromStringAndSize(utf8.data(), static_cast<Py_ssize_t>(utf8.size())));
}
inline nb::object new_bytes(const uint8_t* data, size_t size) {
    return checked(
        PyBytes_FromStringAndSize(reinterpret_cast<const char*>(data), static_cast<Py_ssize_t>(size)));
}
inline nb::list new_list() { return nb::steal<nb::list>(checked(PyList_New(0)).release()); }
inline nb::dict new_dict() { return nb::steal<nb::dict>(checked(PyDict_New()).release()); }

}  // namespace linocut::bind
