// Tags (§4.2.10): what exceptions are told apart by. Each is one of its own, whatever its type.
#pragma once

#include "wasm/types.hpp"

namespace linocut {

class Store;

struct Tag {
    Store* store;
    const FuncType type;  // of an exception's values; there are no results
};

}  // namespace linocut
