// class Instance: the part of linocut.Instance that C++ holds.
#pragma once

#include "bind/python.hpp"
#include "runtime/instance.hpp"

namespace linocut::bind {

struct InstanceHandle {
    Instance* target;
    nb::object owner;  // of the store that it lives in
};

void bind_instance(nb::module_& module);

}  // namespace linocut::bind
