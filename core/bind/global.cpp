#include "bind/global.hpp"

#include <algorithm>

#include "bind/handle.hpp"
#include "bind/store.hpp"
#include "bind/types.hpp"
#include "bind/values.hpp"
#include "wasm/value_class.hpp"

namespace linocut::bind {

namespace {

constexpr const char* kDoc = R"doc(Global variable.

Global(type, value, *, store=None) makes one of that `GlobalType`. `value` is converted as an argument of a
`Func` would be.

>>> import linocut
>>> counter = linocut.Global(linocut.GlobalType("i64", mutable=True), 1)
>>> counter.value += 1
>>> counter.value
2
)doc";

Wide converted(nb::handle value, ValType type, nb::handle owner) {
    Wide bits{};
    if (!to_words(value.ptr(), type, owner, bits.words)) rethrow();
    return bits;
}

void construct(GlobalHandle* self, nb::handle type, nb::handle value, nb::handle store) {
    const GlobalType wanted = global_type_from(type);
    nb::object owner = store_or_new(store);
    Global& global = store_of(owner).add_global(wanted, converted(value, wanted.value, owner));
    new (self) GlobalHandle{&global, std::move(owner)};
}

nb::object get(const GlobalHandle& self) {
    return checked(from_words(self.target->type.value, self.target->cell, self.owner));
}

void set(GlobalHandle& self, nb::handle value) {
    if (!self.target->type.is_mutable) {
        PyErr_SetString(PyExc_AttributeError, "the global is immutable");
        rethrow();
    }
    const ValType type = self.target->type.value;
    const Wide bits = converted(value, type, self.owner);
    require_use(store_of(self.owner));
    std::copy_n(bits.words, words_of(type), self.target->cell);
}

nb::object repr(const GlobalHandle& self) {
    const GlobalType& type = self.target->type;
    return checked(PyUnicode_FromFormat("<linocut.Global %s%s: %R>", type.is_mutable ? "mutable " : "",
                                        name_of(type.value), get(self).ptr()));
}

PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse_handle<GlobalHandle>)},
                       {0, nullptr}};

}  // namespace

void bind_global(nb::module_& module) {
    nb::class_<GlobalHandle>(module, "Global", kDoc, nb::is_final(), nb::type_slots(slots),
                             nb::is_weak_referenceable())
        .def("__init__", construct, nb::arg("type").none(), nb::arg("value").none(), nb::kw_only(),
             nb::arg("store") = nb::none())
        .def_prop_ro(
            "type", [](const GlobalHandle& self) { return to_python(self.target->type); },
            "Its `GlobalType`.")
        .def_prop_rw("value", get, set, nb::for_setter(nb::arg("value").none()),
                     "The value; AttributeError on setting that of an immutable global.")
        .def("__eq__", same<GlobalHandle>, nb::arg("other").none())
        .def("__hash__", hash<GlobalHandle>)
        .def("__repr__", repr);
}

}  // namespace linocut::bind
