#include "runtime/roots.hpp"

namespace linocut {

namespace {

bool lies_on(const Activation* activation, uint64_t low, uint64_t high) {
    const auto address = reinterpret_cast<uint64_t>(activation);
    return address >= low && address + sizeof(Activation) <= high;
}

// Outer activations lie above inner ones, or they are not on this stack.
bool all_on_stack(const Store& store, const Thread& thread, uint64_t rsp) {
    uint32_t found = 0;
    uint64_t low = rsp;
    for (const Activation* a = thread.activation; a; a = a->previous) {
        if (!lies_on(a, low, thread.stack_top)) return false;
        low = reinterpret_cast<uint64_t>(a) + sizeof(Activation);
        if (a->store == &store) found++;
    }
    return found == store.activations;
}

}  // namespace

__attribute__((noinline)) bool mark_stack(const Store& store, ExternRefs& references) {
    const Thread& thread = Thread::current();
    __builtin_unwind_init();  // what callers keep in callee-saved registers goes into this frame
    uint64_t rsp;
    asm volatile("mov %%rsp, %0" : "=r"(rsp));
    if (rsp >= thread.stack_top || !all_on_stack(store, thread, rsp)) return false;
    for (uint64_t at = rsp; at < thread.stack_top; at += 8) references.mark(*reinterpret_cast<uint64_t*>(at));
    return true;
}

}  // namespace linocut
