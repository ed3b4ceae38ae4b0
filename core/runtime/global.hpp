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
    Global(Store* store, const GlobalType& type, uint64_t low, uint64_t high = 0)
        : store(store), type(type), own_{low, high}, cell(own_) {}
    // An instance's.
    Global(Store* store, const GlobalType& type, uint64_t* cell) : store(store), type(type), cell(cell) {}
    Global(const Global&) = delete;
    Global& operator=(const Global&) = delete;

    Store* store;
    const GlobalType type;

private:
    alignas(16) uint64_t own_[kMostWords]{};

public:
    uint64_t* const cell;
};

}  // namespace linocut
