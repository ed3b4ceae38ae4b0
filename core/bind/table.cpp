#include "bind/table.hpp"

#include "bind/handle.hpp"
#include "bind/store.hpp"
#include "bind/types.hpp"
#include "bind/values.hpp"

namespace linocut::bind {

namespace {

constexpr const char* kDoc = R"doc(Table of references.

Table(element, min, max=None, init=None, *, store=None) makes one of `min` elements, each `init`; `element`
is "funcref" or "externref". Indices run from 0; None is the null reference.

>>> import linocut
>>> table = linocut.Table("externref", 2, 3, "first")
>>> table[1] = None
>>> table.grow(1, init={"any": "object"})
2
>>> [table[i] for i in range(len(table))]
['first', None, {'any': 'object'}]
)doc";

uint64_t to_reference(nb::handle value, ValType type, nb::handle owner) {
    uint64_t word;
    if (!reference_to_word(value.ptr(), type, owner, &word)) rethrow();
    return word;
}

void construct(TableHandle* self, nb::handle element, nb::handle min, nb::handle max, nb::handle init,
               nb::handle store) {
    TableType type;
    type.element = val_type_from(element);
    if (!is_reference(type.element)) {
        PyErr_Format(PyExc_ValueError, "a table holds references, not %R", element.ptr());
        rethrow();
    }
    type.limits = limits_from(min, max, UINT32_MAX);
    nb::object owner = store_or_new(store);
    const uint64_t word = to_reference(init, type.element, owner);
    Table& table = store_of(owner).add_table(type, word);
    new (self) TableHandle{&table, std::move(owner)};
}

uint64_t checked_index(const TableHandle& self, nb::handle index) {
    const nb::object number = checked(PyNumber_Index(index.ptr()));
    const unsigned long long at = PyLong_AsUnsignedLongLong(number.ptr());
    const bool failed = at == static_cast<unsigned long long>(-1) && PyErr_Occurred();
    if (!failed && at < self.target->size()) return at;
    if (failed) PyErr_Clear();
    PyErr_Format(PyExc_IndexError, "no element %S in a table of %llu", number.ptr(), self.target->size());
    rethrow();
}

nb::object get(const TableHandle& self, nb::handle index) {
    const uint64_t word = self.target->get(checked_index(self, index));
    return checked(word_to_reference(self.target->element(), word, self.owner));
}

void set(TableHandle& self, nb::handle index, nb::handle value) {
    const uint64_t word = to_reference(value, self.target->element(), self.owner);
    require_use(store_of(self.owner));
    self.target->set(checked_index(self, index), word);
}

uint64_t grow(TableHandle& self, nb::handle count, nb::handle init) {
    const uint64_t wanted = limits_from(count, nb::none(), UINT64_MAX).min;
    const uint64_t word = to_reference(init, self.target->element(), self.owner);
    require_use(store_of(self.owner));
    if (const auto old = self.target->grow(wanted, word)) return *old;
    PyErr_Format(PyExc_ValueError, "a table of %llu elements cannot grow by %llu", self.target->size(),
                 wanted);
    rethrow();
}

nb::object repr(const TableHandle& self) {
    return checked(PyUnicode_FromFormat("<linocut.Table of %llu %s>", self.target->size(),
                                        name_of(self.target->element())));
}

PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse_handle<TableHandle>)}, {0, nullptr}};

}  // namespace

void bind_table(nb::module_& module) {
    nb::class_<TableHandle>(module, "Table", kDoc, nb::type_slots(slots), nb::is_weak_referenceable())
        .def("__init__", construct, nb::arg("element"), nb::arg("min"), nb::arg("max") = nb::none(),
             nb::arg("init") = nb::none(), nb::kw_only(), nb::arg("store") = nb::none())
        .def_prop_ro(
            "type", [](const TableHandle& self) { return to_python(self.target->type()); },
            "Its `TableType` now.")
        .def("grow", grow, nb::arg("count"), nb::arg("init") = nb::none(),
             "Add so many elements; the result is the size before. ValueError beyond the maximum.")
        .def("__getitem__", get, nb::arg("index"))
        .def("__setitem__", set, nb::arg("index"), nb::arg("value").none())
        .def("__len__", [](const TableHandle& self) { return self.target->size(); })
        .def("__eq__", same<TableHandle>, nb::arg("other").none())
        .def("__hash__", hash<TableHandle>)
        .def("__repr__", repr);
}

}  // namespace linocut::bind
