#include "bind/tag.hpp"

#include "bind/handle.hpp"
#include "bind/store.hpp"
#include "bind/types.hpp"

namespace linocut::bind {

namespace {

constexpr const char* kDoc = R"doc(What exceptions are told apart by.

Tag(type, *, store=None) makes one of that `TagType`, for modules to import and for `WasmException`. Each is one
of its own: two tags are equal when they are the same one, whatever their types.

>>> import linocut
>>> tag = linocut.Tag(linocut.TagType(["i32"]))
>>> tag.type, tag == linocut.Tag(tag.type)
(TagType(params=('i32',)), False)
)doc";

void construct(TagHandle* self, nb::handle type, nb::handle store) {
    FuncType wanted = tag_type_from(type);
    nb::object owner = store_or_new(store);
    Tag& tag = store_of(owner).add_tag(wanted);
    new (self) TagHandle{&tag, std::move(owner)};
}

nb::object repr(const TagHandle& self) {
    return checked(PyUnicode_FromFormat("<linocut.Tag %R>", tag_type_to_python(self.target->type).ptr()));
}

PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse_handle<TagHandle>)}, {0, nullptr}};

}  // namespace

void bind_tag(nb::module_& module) {
    nb::class_<TagHandle>(module, "Tag", kDoc, nb::is_final(), nb::type_slots(slots),
                          nb::is_weak_referenceable())
        .def("__init__", construct, nb::arg("type").none(), nb::kw_only(), nb::arg("store") = nb::none())
        .def_prop_ro(
            "type", [](const TagHandle& self) { return tag_type_to_python(self.target->type); },
            "Its `TagType`.")
        .def("__eq__", same<TagHandle>, nb::arg("other").none())
        .def("__hash__", hash<TagHandle>)
        .def("__repr__", repr);
}

}  // namespace linocut::bind
