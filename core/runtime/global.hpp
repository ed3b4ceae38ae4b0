// Globals (§4.2.9): a cell of one word (two for a v128), in the context of the instance that defines it
// or here, if the host does.
#pragma once

#include <cstdint>

#include "wasm/types.hpp"
#include "wasm/value_class.hpp"

namespace linocut {

class Store;

class Global {
public:
    // The host's own.
    Global(Store* store, const GlobalType& type, const Wide& value)
        : store(store), type(type), own_(value), cell(own_.words) {}
    // An instance's.
    Global(Store* store, const GlobalType& type, uint64_t* cell) : store(store), type(type), cell(cell) {}
    Global(const Global&) = delete;
    Global& operator=(const Global&) = delete;

    Store* store;
    const GlobalType type;

private:
    Wide own_{};

public:
    uint64_t* const cell;
};

}  // namespace linocut
