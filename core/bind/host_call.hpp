// From machine code to a Python callable.
#pragma once

#include <cstdint>

#include "runtime/host_function.hpp"

namespace linocut::bind {

// The HostCallback of every host function; its object is the callable.
Exit call_host(HostFunction& function, uint64_t* frame) noexcept;

}  // namespace linocut::bind
