// class Memory.
#pragma once

#include <memory>

#include "bind/python.hpp"
#include "runtime/memory.hpp"

namespace linocut::bind {

struct MemoryHandle {
    Memory* target;
    nb::object owner;                // of the store that it belongs to; None of a shared one …
    std::shared_ptr<Memory> shared;  // … which this keeps alive
};

// `owner` is that of a store that has it.
MemoryHandle handle_of(Memory* memory, nb::handle owner);

void bind_memory(nb::module_& module);

}  // namespace linocut::bind
