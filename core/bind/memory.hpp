// class Memory.
#pragma once

#include "bind/python.hpp"
#include "runtime/memory.hpp"

namespace linocut::bind {

struct MemoryHandle {
    Memory* target;
    nb::object owner;  // of the store that it belongs to
};

void bind_memory(nb::module_& module);

}  // namespace linocut::bind
