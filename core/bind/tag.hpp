// class Tag.
#pragma once

#include "bind/python.hpp"
#include "runtime/tag.hpp"

namespace linocut::bind {

struct TagHandle {
    Tag* target;
    nb::object owner;  // of the store that it belongs to
};

void bind_tag(nb::module_& module);

}  // namespace linocut::bind
