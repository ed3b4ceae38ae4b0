// From the context register to the runtime's objects.
#pragma once

#include "context.h"
#include "runtime/store.hpp"
#include "runtime/thread.hpp"

namespace linocut {

inline LcContext& context_of(void* end) { return static_cast<LcContext*>(end)[-1]; }

inline Store& store_of_context(void* end) {
    return *static_cast<Store*>(static_cast<StoreHead*>(context_of(end).store));
}

inline Thread& thread_of_context(void* end) { return static_cast<Thread&>(*store_of_context(end).running); }

// Fills in what does not depend on the module.
void fill_context(LcContext& context, Store& store, Instance* instance);

}  // namespace linocut
