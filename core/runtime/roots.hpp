// Where references may be: for sweeps of a store's handles.
#pragma once

#include "runtime/extern_refs.hpp"
#include "runtime/store.hpp"

namespace linocut {

// Marks every word of the running C stack: frames of machine code, registers that they saved, frames that
// bind is filling. False when some of the store's frames may lie elsewhere, so that nothing may be swept.
bool mark_stack(const Store& store, ExternRefs& references);

}  // namespace linocut
