// Externs (imports and exports of any kind): the runtime's variant ↔ Func, Memory, Table, Global,
// Tag.
#pragma once

#include "bind/python.hpp"
#include "runtime/instance.hpp"

namespace linocut::bind {

// `name` is what a function is exported as.
nb::object to_python(const Extern& object, nb::handle owner, nb::handle name);
// monostate when it is none of the five classes.
Extern extern_from(nb::handle object);

}  // namespace linocut::bind
