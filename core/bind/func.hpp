// class Func: a heap type made by hand, because its call is the hot path (vectorcall, no allocation).
#pragma once

#include "bind/python.hpp"
#include "context.h"
#include "wasm/types.hpp"

namespace linocut::bind {

// A new Func for a function of the store that `owner` owns, or null with an exception set. `name` is what it
// was exported as, or null. Throws std::bad_alloc.
PyObject* make_func(const LcFuncRef* function, nb::handle owner, PyObject* name);
// A host function around a callable, in the store that `owner` owns.
// `is_catchable`: WebAssembly's catch_all catches what the callable raises.
const LcFuncRef* add_host_function(nb::handle owner, const FuncType& type, nb::handle callable,
                                   bool is_catchable = false);

bool is_func(nb::handle object);
// What a Func refers to, and the owner of its store.
const LcFuncRef* func_ref(nb::handle func);
nb::handle func_owner(nb::handle func);

void bind_func(nb::module_& module);

}  // namespace linocut::bind
