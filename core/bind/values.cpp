#include "bind/values.hpp"

#include <cstring>

#include "bind/func.hpp"
#include "bind/store.hpp"
#include "runtime/store.hpp"
#include "wasm/value_class.hpp"

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

// An int below 2^128.
bool vector_bits(PyObject* object, uint64_t* words) {
    const nb::object index = to_index(object, ValType::V128);
    if (!index) return false;
    const nb::object bytes =
        nb::steal(PyObject_CallMethod(index.ptr(), "to_bytes", "is", width_of(ValType::V128), "little"));
    if (bytes) return vector_to_words(bytes.ptr(), words);
    if (!PyErr_ExceptionMatches(PyExc_OverflowError)) return false;
    PyErr_Clear();
    return out_of_range(index.ptr(), ValType::V128);
}

PyObject* bits_of_vector(const uint64_t* words) {
    const nb::object bytes = nb::steal(words_to_vector(words));
    if (!bytes) return nullptr;
    auto* const type = reinterpret_cast<PyObject*>(&PyLong_Type);
    return PyObject_CallMethod(type, "from_bytes", "Os", bytes.ptr(), "little");
}

constexpr Py_ssize_t kVectorBytes = width_of(ValType::V128);

// A view of a bytes-like object, whatever its strides.
class View {
public:
    explicit View(PyObject* object) : is_taken_(PyObject_GetBuffer(object, &view_, PyBUF_FULL_RO) == 0) {}
    ~View() {
        if (is_taken_) PyBuffer_Release(&view_);
    }
    View(const View&) = delete;
    View& operator=(const View&) = delete;

    bool is_taken() const { return is_taken_; }
    Py_ssize_t size() const { return view_.len; }
    bool copy_to(void* bytes) { return PyBuffer_ToContiguous(bytes, &view_, view_.len, 'C') == 0; }

private:
    Py_buffer view_;
    bool is_taken_;
};

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

bool vector_to_words(PyObject* object, uint64_t* words) {
    if (PyBytes_CheckExact(object) && PyBytes_GET_SIZE(object) == kVectorBytes) {
        std::memcpy(words, PyBytes_AS_STRING(object), kVectorBytes);
        return true;
    }
    if (!PyObject_CheckBuffer(object)) {
        PyErr_Format(PyExc_TypeError, "v128 wants a bytes-like object of %zd bytes, not %.200s", kVectorBytes,
                     Py_TYPE(object)->tp_name);
        return false;
    }
    View view(object);
    if (!view.is_taken()) return false;
    if (view.size() == kVectorBytes) return view.copy_to(words);
    PyErr_Format(PyExc_ValueError, "v128 wants %zd bytes, not %zd", kVectorBytes, view.size());
    return false;
}

PyObject* words_to_vector(const uint64_t* words) {
    return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(words), kVectorBytes);
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
    case ValType::V128: return vector_bits(object, words);
    default: return to_words(object, type, owner, words);
    }
}

PyObject* words_to_bits(ValType type, const uint64_t* words, nb::handle owner) {
    switch (type) {
    case ValType::I32:
    case ValType::F32: return PyLong_FromUnsignedLong(static_cast<uint32_t>(*words));
    case ValType::I64:
    case ValType::F64: return PyLong_FromUnsignedLongLong(*words);
    case ValType::V128: return bits_of_vector(words);
    default: return from_words(type, words, owner);
    }
}

}  // namespace linocut::bind
