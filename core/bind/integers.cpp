#include "bind/integers.hpp"

namespace linocut::bind {

Integer integer_from(nb::handle object, const char* name) {
    if (!PyIndex_Check(object.ptr())) {
        PyErr_Format(PyExc_TypeError, "%s must be an int, not %.200s", name, Py_TYPE(object.ptr())->tp_name);
        rethrow();
    }
    Integer integer{.given = checked(PyNumber_Index(object.ptr()))};
    integer.value = PyLong_AsUnsignedLongLong(integer.given.ptr());
    integer.fits = integer.value != UINT64_MAX || !PyErr_Occurred();
    if (integer.fits) return integer;
    if (!PyErr_ExceptionMatches(PyExc_OverflowError)) rethrow();
    PyErr_Clear();
    return integer;
}

uint64_t integer_up_to(uint64_t most, nb::handle object, const char* name) {
    const Integer integer = integer_from(object, name);
    if (integer.fits && integer.value <= most) return integer.value;
    PyErr_Format(PyExc_ValueError, "%s is %S; it must be in 0..%llu", name, integer.given.ptr(), most);
    rethrow();
}

}  // namespace linocut::bind
