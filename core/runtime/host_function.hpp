// A function of the host, callable like a wasm function.
#pragma once

#include <cstdint>

#include "code/signature.hpp"
#include "code/type_registry.hpp"
#include "context.h"
#include "runtime/exit.hpp"

namespace linocut {

class Instance;
class Store;
struct HostFunction;

// Reads its arguments from the frame and writes its results there (code/signature.hpp). Returns Done,
// or HostException with the exception kept by bind. Throws nothing: machine code lies above it.
using HostCallback = Exit (*)(HostFunction& function, uint64_t* frame) noexcept;

struct HostFunction {
    LcFuncRef ref{};
    TypeIds type_ids;  // one, its own
    const Signature* signature;
    HostCallback callback;
    void* object;  // the store owns a reference to it
    Store* store;
    bool is_catchable = false;  // catch_all sees the host's exceptions, too
    // Nothing of Python runs between its return and the guest's next instructions: whoever waits for the
    // interpreter's lock finds the guest beyond them.
    bool keeps_lock = false;
    // For a callback that serves each calling instance with an object of its own: the last instance and its
    // object. The store owns a reference to the object.
    const Instance* served = nullptr;
    void* server = nullptr;
};

}  // namespace linocut
