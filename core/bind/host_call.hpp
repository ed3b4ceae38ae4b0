// From machine code to a Python callable.
#pragma once

#include "bind/python.hpp"
#include "runtime/host_function.hpp"

namespace linocut::bind {

// The HostCallback of a host function whose object is this callable.
//
// A callable that works on its caller's memory, as all of WASI does, has a class with a method
// __linocut_for_memory__. The method is given memory 0 of the calling instance (None if it has none) and
// returns the callable that is called instead of the first one, from that instance, from now on. When Python
// calls, it calls the first one.
HostCallback callback_for(nb::handle callable);

// HostFunction::keeps_lock: its class has an attribute __linocut_keeps_lock__.
bool keeps_lock(nb::handle callable);

}  // namespace linocut::bind
