#include "bind/instance.hpp"

#include "bind/extern.hpp"
#include "bind/func.hpp"
#include "bind/handle.hpp"
#include "bind/store.hpp"

namespace linocut::bind {

namespace {

nb::dict exports(const InstanceHandle& self) {
    nb::dict found = new_dict();
    for (const Export& entry : self.target->module().exports) {
        const nb::object name = new_str(entry.name);
        found[name] = to_python(self.target->get(entry.kind, entry.index), self.owner, name);
    }
    return found;
}

PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse_handle<InstanceHandle>)},
                       {0, nullptr}};

}  // namespace

void bind_instance(nb::module_& module) {
    nb::class_<InstanceHandle>(module, "Instance", nb::type_slots(slots))
        .def("exports", exports)
        .def_prop_ro("store", [](const InstanceHandle& self) { return owner_of(store_of(self.owner)); });
}

}  // namespace linocut::bind
