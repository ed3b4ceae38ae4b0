#include "bind/types.hpp"

#include <array>
#include <string_view>

#include "bind/face.hpp"

namespace linocut::bind {

namespace {

constexpr std::array kValTypes{ValType::I32,  ValType::I64,     ValType::F32,      ValType::F64,
                               ValType::V128, ValType::FuncRef, ValType::ExternRef};

nb::tuple names_of(const std::vector<ValType>& types) {
    nb::list names;
    for (ValType type : types) names.append(nb::str(name_of(type)));
    return nb::tuple(names);
}

std::vector<ValType> val_types_from(nb::handle names) {
    std::vector<ValType> types;
    for (nb::handle name : names) types.push_back(val_type_from(name));
    return types;
}

nb::object max_of(const Limits& limits) { return limits.max ? nb::cast(*limits.max) : nb::none(); }

uint64_t size_from(nb::handle value, uint64_t most, const char* what) {
    const nb::object index = checked(PyNumber_Index(value.ptr()));
    const unsigned long long size = PyLong_AsUnsignedLongLong(index.ptr());
    if (PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_OverflowError)) rethrow();
        PyErr_Clear();
    } else if (size <= most) {
        return size;
    }
    PyErr_Format(PyExc_ValueError, "%s is %S; it must be in 0..%llu", what, index.ptr(), most);
    rethrow();
}

}  // namespace

nb::object to_python(const FuncType& type) {
    return face().types.attr("FuncType")(names_of(type.params), names_of(type.results));
}

nb::object to_python(const MemoryType& type) {
    return face().types.attr("MemoryType")(type.limits.min, max_of(type.limits));
}

nb::object to_python(const TableType& type) {
    return face().types.attr("TableType")(name_of(type.element), type.limits.min, max_of(type.limits));
}

nb::object to_python(const GlobalType& type) {
    return face().types.attr("GlobalType")(name_of(type.value), type.is_mutable);
}

nb::object type_of(const Module& module, ExternKind kind, uint32_t index) {
    switch (kind) {
    case ExternKind::Func: return to_python(module.type_of_function(index));
    case ExternKind::Table: return to_python(module.tables[index].type);
    case ExternKind::Memory: return to_python(module.memories[index]);
    case ExternKind::Global: return to_python(module.globals[index].type);
    }
    return nb::none();
}

ValType val_type_from(nb::handle name) {
    const std::string_view wanted = nb::borrow<nb::str>(name).c_str();
    for (ValType type : kValTypes)
        if (wanted == name_of(type)) return type;
    PyErr_Format(PyExc_ValueError, "%R is not a value type", name.ptr());
    rethrow();
}

FuncType func_type_from(nb::handle type) {
    if (!nb::isinstance(type, face().types.attr("FuncType"))) {
        PyErr_Format(PyExc_TypeError, "expected a FuncType, not %R", type.ptr());
        rethrow();
    }
    return {val_types_from(type.attr("params")), val_types_from(type.attr("results"))};
}

GlobalType global_type_from(nb::handle type) {
    if (!nb::isinstance(type, face().types.attr("GlobalType"))) {
        PyErr_Format(PyExc_TypeError, "expected a GlobalType, not %R", type.ptr());
        rethrow();
    }
    return {val_type_from(type.attr("value")), nb::cast<bool>(type.attr("mutable"))};
}

Limits limits_from(nb::handle min, nb::handle max, uint64_t most) {
    Limits limits;
    limits.min = size_from(min, most, "the size");
    if (!max.is_none()) limits.max = size_from(max, most, "the maximum");
    if (limits.max && *limits.max < limits.min) {
        PyErr_SetString(PyExc_ValueError, "the maximum is smaller than the size");
        rethrow();
    }
    return limits;
}

}  // namespace linocut::bind
