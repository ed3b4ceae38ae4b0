// class Store: the Python object that owns a runtime store.
//
// Every handle (Func, Memory, Table, Global, Instance) is a raw pointer into a store and a reference to the
// store's Python object. The store holds Python objects in turn (host functions, externrefs). So the
// garbage collector sees every cycle, and each goes through a store: breaking it there is enough, and no
// handle ever loses what it points at.
#pragma once

#include <memory>

#include "bind/python.hpp"
#include "runtime/store.hpp"

namespace linocut::bind {

struct StoreOwner {
    explicit StoreOwner(const StoreLimits& limits) : store(std::make_unique<Store>(limits)) {}

    std::unique_ptr<Store> store;
    nb::object limits;       // what it was made with; None: the default ones
    nb::object absorbed_by;  // the owner that has taken over what was in this one
};

// An object made without a store gets one of its own, which is absorbed once the object is linked.
nb::object new_store();
// `given` if it is a Store, a new one if it is None.
nb::object store_or_new(nb::handle given);
// The store behind an owner object, or behind the one that absorbed it.
Store& store_of(nb::handle owner);
// The object that owns the store.
nb::object owner_of(const Store& store);

// Moves the contents of `other` into `home`.
void absorb(Store& home, Store& other);
// Makes both the same store, whichever of them can be absorbed; ValueError when neither can.
Store& unite(Store& one, Store& other);

// Raises when the calling thread may not change anything in the store.
void require_use(Store& store);

void bind_store(nb::module_& module);

}  // namespace linocut::bind
