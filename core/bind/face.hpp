// The Python classes that C++ makes objects of. The face (python/linocut/_bridge.py) hands them down once,
// so that nothing here imports upward.
#pragma once

#include "bind/python.hpp"

namespace linocut::bind {

struct Face {
    nb::object errors;  // module linocut.errors
    nb::object types;   // module linocut.types
};

// Raises RuntimeError when the face has not been set.
const Face& face();

void bind_face(nb::module_& module);

}  // namespace linocut::bind
