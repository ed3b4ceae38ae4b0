#include "bind/table.hpp"

#include <algorithm>
#include <cinttypes>

#include "base/out_of_memory.hpp"
#include "bind/handle.hpp"
#include "bind/integers.hpp"
#include "bind/store.hpp"
#include "bind/types.hpp"
#include "bind/values.hpp"

namespace linocut::bind {

namespace {

constexpr const char* kDoc = R"doc(Table of references.

Table(element, min, max=None, init=None, *, address="i32", store=None) makes one of `min` elements, each
`init`; `element` is "funcref" or "externref". Indices run from 0; None is the null reference. `address` is
the type of indices in WebAssembly, "i32" or "i64".

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
               nb::handle address, nb::handle store) {
    TableType type;
    type.element = val_type_from(element);
    if (!is_reference(type.element)) {
        PyErr_Format(PyExc_ValueError, "a table holds references, not %R", element.ptr());
        rethrow();
    }
    type.is64 = is64_from(address);
    type.limits = limits_from(min, max, type.is64 ? UINT64_MAX : UINT32_MAX);
    nb::object owner = store_or_new(store);
    const uint64_t word = to_reference(init, type.element, owner);
    Table& table = store_of(owner).add_table(type, word);
    new (self) TableHandle{&table, std::move(owner)};
}

uint64_t checked_index(const TableHandle& self, nb::handle index) {
    const Integer at = integer_from(index, "index");
    if (at.fits && at.value < self.target->size()) return at.value;
    PyErr_Format(PyExc_IndexError, "no element %S in a table of %llu", at.given.ptr(), self.target->size());
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
    const Integer wanted = integer_from(count, "count");
    const uint64_t word = to_reference(init, self.target->element(), self.owner);
    require_use(store_of(self.owner));
    if (wanted.fits)
        if (const auto old = self.target->grow(wanted.value, word)) return *old;
    const TableType type = self.target->type();
    const uint64_t most = std::min({type.limits.max.value_or(UINT64_MAX), Table::kMostElements,
                                    std::max(type.limits.min, self.target->store->limits.table)});
    if (wanted.fits && wanted.value <= most - type.limits.min)
        throw OutOfMemory("a table of %" PRIu64 " elements cannot grow by %" PRIu64 ": no memory",
                          type.limits.min, wanted.value);
    PyErr_Format(PyExc_ValueError,
                 "a table of %llu elements cannot grow by %S; its size must stay in %llu..%llu",
                 type.limits.min, wanted.given.ptr(), type.limits.min, most);
    rethrow();
}

nb::object repr(const TableHandle& self) {
    return checked(PyUnicode_FromFormat("<linocut.Table of %llu %s>", self.target->size(),
                                        name_of(self.target->element())));
}

PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse_handle<TableHandle>)}, {0, nullptr}};

}  // namespace

void bind_table(nb::module_& module) {
    nb::class_<TableHandle>(module, "Table", kDoc, nb::is_final(), nb::type_slots(slots),
                            nb::is_weak_referenceable())
        .def("__init__", construct, nb::arg("element").none(), nb::arg("min").none(),
             nb::arg("max") = nb::none(), nb::arg("init") = nb::none(), nb::kw_only(),
             nb::arg("address") = "i32", nb::arg("store") = nb::none())
        .def_prop_ro(
            "type", [](const TableHandle& self) { return to_python(self.target->type()); },
            "Its `TableType` now.")
        .def("grow", grow, nb::arg("count").none(), nb::arg("init") = nb::none(),
             "Add so many elements; the result is the size before. ValueError beyond the maximum.")
        .def("__getitem__", get, nb::arg("index").none())
        .def("__setitem__", set, nb::arg("index").none(), nb::arg("value").none())
        .def("__len__", [](const TableHandle& self) { return self.target->size(); })
        .def("__eq__", same<TableHandle>, nb::arg("other").none())
        .def("__hash__", hash<TableHandle>)
        .def("__repr__", repr);
}

}  // namespace linocut::bind
