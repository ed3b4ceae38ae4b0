#include "bind/face.hpp"

namespace linocut::bind {

namespace {

// Never freed: the interpreter is gone by the time static destructors run.
Face* the_face = nullptr;

void set_face(nb::object errors, nb::object types) {
    if (!the_face) the_face = new Face{std::move(errors), std::move(types)};
}

}  // namespace

const Face& face() {
    if (!the_face) {
        PyErr_SetString(PyExc_RuntimeError, "import linocut, not linocut._core");
        rethrow();
    }
    return *the_face;
}

void bind_face(nb::module_& module) { module.def("set_face", set_face, nb::arg("errors"), nb::arg("types")); }

}  // namespace linocut::bind
