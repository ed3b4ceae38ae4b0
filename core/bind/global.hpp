// class Global.
#pragma once

#include "bind/python.hpp"
#include "runtime/global.hpp"

namespace linocut::bind {

struct GlobalHandle {
    Global* target;
    nb::object owner;  // of the store that it belongs to
};

void bind_global(nb::module_& module);

}  // namespace linocut::bind
