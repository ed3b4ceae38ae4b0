// Values: Python objects ↔ the words of a frame (code/signature.hpp).
#pragma once

#include <bit>
#include <cstdint>

#include "bind/python.hpp"
#include "wasm/types.hpp"

namespace linocut {
class Store;
}

namespace linocut::bind {

// All return false, with an exception set, when the object does not fit. They may run Python code.
bool slow_i32(PyObject* object, uint64_t* word);
bool slow_i64(PyObject* object, uint64_t* word);
bool slow_f64(PyObject* object, double* value);
bool vector_to_words(PyObject* object, uint64_t* words);
bool reference_to_word(PyObject* object, ValType type, nb::handle owner, uint64_t* word);

// A fresh reference, or null with an exception set.
PyObject* words_to_vector(const uint64_t* words);
PyObject* word_to_reference(ValType type, uint64_t word, nb::handle owner);

// Whether the object is an exact int of one digit (30 bits): true for nearly every argument of nearly every call.
inline bool small_int(PyObject* object, int64_t* value) {
    if (!PyLong_CheckExact(object)) return false;
#if PY_VERSION_HEX >= 0x030C0000
    PyLongObject* number = reinterpret_cast<PyLongObject*>(object);
    if (!PyUnstable_Long_IsCompact(number)) return false;
    *value = PyUnstable_Long_CompactValue(number);
#else
    const Py_ssize_t digits = Py_SIZE(object);
    if (digits < -1 || digits > 1) return false;
    *value = digits * static_cast<int64_t>(reinterpret_cast<PyLongObject*>(object)->ob_digit[0]);
#endif
    return true;
}

// Writes as many words as a value of the type has (wasm/value_class.hpp). `owner` is the Python object of the store
// that references belong to.
inline bool to_words(PyObject* object, ValType type, nb::handle owner, uint64_t* word) {
    int64_t small;
    double number;
    switch (type) {
    case ValType::I32:
        if (!small_int(object, &small)) return slow_i32(object, word);
        *word = static_cast<uint32_t>(small);
        return true;
    case ValType::I64:
        if (!small_int(object, &small)) return slow_i64(object, word);
        *word = static_cast<uint64_t>(small);
        return true;
    case ValType::F32:
        if (!slow_f64(object, &number)) return false;
        *word = std::bit_cast<uint32_t>(static_cast<float>(number));
        return true;
    case ValType::F64:
        if (PyFloat_CheckExact(object))
            number = PyFloat_AS_DOUBLE(object);
        else if (!slow_f64(object, &number))
            return false;
        *word = std::bit_cast<uint64_t>(number);
        return true;
    case ValType::V128: return vector_to_words(object, word);
    default: return reference_to_word(object, type, owner, word);
    }
}

// A fresh reference, or null with an exception set.
inline PyObject* from_words(ValType type, const uint64_t* words, nb::handle owner) {
    const uint64_t word = *words;
    switch (type) {
    case ValType::I32: return PyLong_FromLong(static_cast<int32_t>(word));
    case ValType::I64: return PyLong_FromLongLong(static_cast<int64_t>(word));
    case ValType::F32: return PyFloat_FromDouble(std::bit_cast<float>(static_cast<uint32_t>(word)));
    case ValType::F64: return PyFloat_FromDouble(std::bit_cast<double>(word));
    case ValType::V128: return words_to_vector(words);
    default: return word_to_reference(type, word, owner);
    }
}

// Numbers and vectors as their bits, which Python floats do not carry (signalling NaNs).
bool bits_to_words(PyObject* object, ValType type, nb::handle owner, uint64_t* words);
PyObject* words_to_bits(ValType type, const uint64_t* words, nb::handle owner);

}  // namespace linocut::bind
