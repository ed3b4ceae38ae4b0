#include "bind/types.hpp"

#include <array>

#include "bind/face.hpp"
#include "bind/integers.hpp"

namespace linocut::bind {

namespace {

constexpr std::array kValTypes{ValType::I32,  ValType::I64,     ValType::F32,       ValType::F64,
                               ValType::V128, ValType::FuncRef, ValType::ExternRef, ValType::ExnRef};

nb::tuple names_of(const std::vector<ValType>& types) {
    nb::list names = new_list();
    for (ValType type : types) names.append(new_str(name_of(type)));
    return nb::tuple(names);
}

std::vector<ValType> val_types_from(nb::handle names) {
    std::vector<ValType> types;
    for (nb::handle name : names) types.push_back(val_type_from(name));
    return types;
}

nb::object max_of(const Limits& limits) { return limits.max ? nb::cast(*limits.max) : nb::none(); }

}  // namespace

nb::object to_python(const FuncType& type) {
    return face().types.attr("FuncType")(names_of(type.params), names_of(type.results));
}

nb::object to_python(const MemoryType& type) {
    return face().types.attr("MemoryType")(type.limits.min, max_of(type.limits), type.shared,
                                           name_of(type.address()));
}

nb::object to_python(const TableType& type) {
    return face().types.attr("TableType")(name_of(type.element), type.limits.min, max_of(type.limits),
                                          name_of(type.address()));
}

nb::object to_python(const GlobalType& type) {
    return face().types.attr("GlobalType")(name_of(type.value), type.is_mutable);
}

nb::object tag_type_to_python(const FuncType& type) {
    return face().types.attr("TagType")(names_of(type.params));
}

nb::object type_of(const Module& module, ExternKind kind, uint32_t index) {
    switch (kind) {
    case ExternKind::Func: return to_python(module.type_of_function(index));
    case ExternKind::Table: return to_python(module.tables[index].type);
    case ExternKind::Memory: return to_python(module.memories[index]);
    case ExternKind::Global: return to_python(module.globals[index].type);
    case ExternKind::Tag: return tag_type_to_python(module.type_of_tag(index));
    }
    return nb::none();
}

ValType val_type_from(nb::handle name) {
    if (!PyUnicode_Check(name.ptr())) {
        PyErr_Format(PyExc_TypeError, "a value type is a str, not %.200s", Py_TYPE(name.ptr())->tp_name);
        rethrow();
    }
    for (ValType type : kValTypes)
        if (PyUnicode_CompareWithASCIIString(name.ptr(), name_of(type)) == 0) return type;
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

FuncType tag_type_from(nb::handle type) {
    if (!nb::isinstance(type, face().types.attr("TagType"))) {
        PyErr_Format(PyExc_TypeError, "expected a TagType, not %R", type.ptr());
        rethrow();
    }
    return {val_types_from(type.attr("params")), {}};
}

GlobalType global_type_from(nb::handle type) {
    if (!nb::isinstance(type, face().types.attr("GlobalType"))) {
        PyErr_Format(PyExc_TypeError, "expected a GlobalType, not %R", type.ptr());
        rethrow();
    }
    return {val_type_from(type.attr("value")), nb::cast<bool>(type.attr("mutable"))};
}

bool is64_from(nb::handle address) {
    const ValType type = val_type_from(address);
    if (type == ValType::I64) return true;
    if (type == ValType::I32) return false;
    PyErr_Format(PyExc_ValueError, "address must be 'i32' or 'i64', not %R", address.ptr());
    rethrow();
}

Limits limits_from(nb::handle min, nb::handle max, uint64_t most) {
    Limits limits;
    limits.min = integer_up_to(most, min, "min");
    if (!max.is_none()) limits.max = integer_up_to(most, max, "max");
    if (limits.max && *limits.max < limits.min) {
        PyErr_Format(PyExc_ValueError, "the maximum %llu is smaller than the minimum %llu", *limits.max,
                     limits.min);
        rethrow();
    }
    return limits;
}

}  // namespace linocut::bind
