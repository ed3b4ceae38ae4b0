// Exceptions between WebAssembly and Python.
#pragma once

#include "bind/python.hpp"
#include "runtime/exit.hpp"
#include "runtime/host_function.hpp"

namespace linocut::bind {

// What a host function leaves with, an exception being pending: a WasmException goes on as WebAssembly's, any other
// one stays pending.
Exit exit_with_pending(HostFunction& function) noexcept;

// Makes the exception that nobody has caught the pending one.
void raise_exception();

}  // namespace linocut::bind
