// The yardsticks of the call measurements, as a CPython extension: what the cheapest C function costs to call
// from Python (METH_FASTCALL), and what it costs C to call Python (PyObject_Vectorcall).
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject* add(PyObject* self, PyObject* const* args, Py_ssize_t count) {
    (void)self;
    if (count != 2) return PyErr_Format(PyExc_TypeError, "add takes 2 arguments, not %zd", count);
    long a = PyLong_AsLong(args[0]), b = PyLong_AsLong(args[1]);
    if ((a == -1 || b == -1) && PyErr_Occurred()) return NULL;
    return PyLong_FromLong((int)((unsigned)a + (unsigned)b));
}

static PyObject* call_many(PyObject* self, PyObject* const* args, Py_ssize_t count) {
    (void)self;
    if (count != 2) return PyErr_Format(PyExc_TypeError, "call_many takes a callable and a number");
    long n = PyLong_AsLong(args[1]);
    unsigned sum = 0;
    for (long i = 0; i < n; i++) {
        PyObject* argument[1] = {PyLong_FromLong(i)};
        PyObject* result = argument[0] ? PyObject_Vectorcall(args[0], argument, 1, NULL) : NULL;
        Py_XDECREF(argument[0]);
        if (!result) return NULL;
        sum += (unsigned)PyLong_AsLong(result);
        Py_DECREF(result);
    }
    return PyErr_Occurred() ? NULL : PyLong_FromLong((int)sum);
}

static PyMethodDef methods[] = {
    {"add", (PyCFunction)(void (*)(void))add, METH_FASTCALL, NULL},
    {"call_many", (PyCFunction)(void (*)(void))call_many, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "yardstick", .m_size = -1,
                                    .m_methods = methods};

PyMODINIT_FUNC PyInit_yardstick(void) { return PyModule_Create(&module); }
