#include "runtime/roots.hpp"

#include "code/arch/machine_state.hpp"
#include "runtime/hooks.hpp"

namespace linocut {

namespace {

// A greenlet's frames may have been copied to the heap. Nothing tells where, so while one may be inside the
// store its handles are kept. The stack of another thread is not looked at, either.
bool has_all_frames(const Store& store, const Thread& thread, uint64_t sp) {
    const bool is_own_stack = sp < thread.stack_top && sp > thread.stack_bottom;
    return is_own_stack && !store.is_occupied_by_another() &&
           (!store.activations || !host_hooks().has_greenlets());
}

}  // namespace

__attribute__((noinline)) bool mark_stack(const Store& store, ExternRefs& references) {
    const Thread& thread = Thread::current();
    __builtin_unwind_init();  // what callers keep in callee-saved registers goes into this frame
    const uint64_t sp = stack_pointer();
    if (!has_all_frames(store, thread, sp)) return false;
    for (uint64_t at = sp; at < thread.stack_top; at += 8) references.mark(*reinterpret_cast<uint64_t*>(at));
    return true;
}

}  // namespace linocut
