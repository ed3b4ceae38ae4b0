#include "bind/values.hpp"

#include "bind/func.hpp"
#include "bind/store.hpp"
#include "runtime/store.hpp"

namespace linocut::bind {

namespace {

bool out_of_range(PyObject* object, ValType type) {
    PyErr_Format(PyExc_OverflowError, "%S does not fit %s", object, name_of(type));
    return false;
}

nb::object to_index(PyObject* object, ValType type) {
    PyObject* index = PyNumber_Index(object);
    if (!index && PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Format(PyExc_TypeError, "%s wants an int, not %.200s", name_of(type), Py_TYPE(object)->tp_name);
    }
    return nb::steal(index);
}

// An int below 2^bits, where bits is 32 or 64; anything else is refused.
bool unsigned_bits(PyObject* object, ValType type, uint64_t most, uint64_t* word) {
    const nb::object index = to_index(object, type);
    if (!index) return false;
    const unsigned long long value = PyLong_AsUnsignedLongLong(index.ptr());
    if (value == static_cast<unsigned long long>(-1) && PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_OverflowError)) return false;
        PyErr_Clear();
        return out_of_range(index.ptr(), type);
    }
    if (value > most) return out_of_range(index.ptr(), type);
    *word = value;
    return true;
}

bool func_to_word(PyObject* object, nb::handle owner, uint64_t* word) {
    if (!is_func(object)) {
        PyErr_Format(PyExc_TypeError, "funcref wants a linocut.Func or None, not %.200s",
                     Py_TYPE(object)->tp_name);
        return false;
    }
    try {
        unite(store_of(owner), store_of(func_owner(object)));
    } catch (nb::python_error& error) {
        error.restore();
        return false;
    }
    *word = reinterpret_cast<uint64_t>(func_ref(object));
    return true;
}

}  // namespace

bool slow_i32(PyObject* object, uint64_t* word) {
    const nb::object index = to_index(object, ValType::I32);
    if (!index) return false;
    int overflow = 0;
    const long value = PyLong_AsLongAndOverflow(index.ptr(), &overflow);
    if (overflow || value < INT32_MIN || value > static_cast<long>(UINT32_MAX))
        return out_of_range(index.ptr(), ValType::I32);
    *word = static_cast<uint32_t>(value);
    return true;
}

bool slow_i64(PyObject* object, uint64_t* word) {
    const nb::object index = to_index(object, ValType::I64);
    if (!index) return false;
    int overflow = 0;
    const long value = PyLong_AsLongAndOverflow(index.ptr(), &overflow);
    if (overflow < 0) return out_of_range(index.ptr(), ValType::I64);
    if (overflow > 0) return unsigned_bits(index.ptr(), ValType::I64, UINT64_MAX, word);
    *word = static_cast<uint64_t>(value);
    return true;
}

bool slow_f64(PyObject* object, double* value) {
    *value = PyFloat_AsDouble(object);
    return *value != -1.0 || !PyErr_Occurred();
}

bool reference_to_word(PyObject* object, ValType type, nb::handle owner, uint64_t* word) {
    if (object == Py_None) {
        *word = 0;
        return true;
    }
    if (type == ValType::FuncRef) return func_to_word(object, owner, word);
    if (type == ValType::ExternRef) {
        *word = store_of(owner).extern_ref(object);
        Py_INCREF(object);  // the store's
        return true;
    }
    PyErr_Format(PyExc_TypeError, "%s values cannot cross yet", name_of(type));
    return false;
}

PyObject* word_to_reference(ValType type, uint64_t word, nb::handle owner) {
    if (!word) Py_RETURN_NONE;
    if (type == ValType::FuncRef) return make_func(reinterpret_cast<const LcFuncRef*>(word), owner, nullptr);
    if (type == ValType::ExternRef) {
        // Null once the garbage collector has cleared the store.
        PyObject* object = static_cast<PyObject*>(Store::extern_object(word));
        return Py_NewRef(object ? object : Py_None);
    }
    PyErr_Format(PyExc_TypeError, "%s values cannot cross yet", name_of(type));
    return nullptr;
}

bool bits_to_words(PyObject* object, ValType type, nb::handle owner, uint64_t* words) {
    switch (type) {
    case ValType::I32:
    case ValType::F32: return unsigned_bits(object, type, UINT32_MAX, words);
    case ValType::I64:
    case ValType::F64: return unsigned_bits(object, type, UINT64_MAX, words);
    default: return to_words(object, type, owner, words);
    }
}

PyObject* words_to_bits(ValType type, const uint64_t* words, nb::handle owner) {
    switch (type) {
    case ValType::I32:
    case ValType::F32: return PyLong_FromUnsignedLong(static_cast<uint32_t>(*words));
    case ValType::I64:
    case ValType::F64: return PyLong_FromUnsignedLongLong(*words);
    default: return from_words(type, words, owner);
    }
}

}  // namespace linocut::bind
