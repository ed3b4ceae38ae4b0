// What the handles on things in a store have in common: the garbage collector, equality.
#pragma once

#include "bind/python.hpp"

namespace linocut::bind {

// No tp_clear: a cycle through a handle goes through its store, which breaks it (bind/store.hpp).
template <typename Handle>
int traverse_handle(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    if (nb::inst_ready(self)) Py_VISIT(nb::inst_ptr<Handle>(self)->owner.ptr());
    return 0;
}

// Handles are equal when they stand for the same thing.
template <typename Handle>
bool same(const Handle& handle, nb::handle other) {
    return nb::isinstance<Handle>(other) && nb::inst_ptr<Handle>(other)->target == handle.target;
}

template <typename Handle>
size_t hash(const Handle& handle) {
    return reinterpret_cast<uintptr_t>(handle.target) >> 4;
}

}  // namespace linocut::bind
