#include "runtime/call.hpp"

#include <algorithm>

namespace linocut {

// A call that ended by itself leaves nothing for the next one to be stopped by.
void leave_slowly(Store& store, Thread& thread) {
    thread.take_lock_back();
    if (store.activations == 1) store.stops(thread);
}

// The results are still there after the call: with the interpreter's lock held, no other thread can have
// entered the store since.
Exit call_wide(Store& store, const LcFuncRef& function, const Signature& signature, uint64_t* frame) {
    Thread& thread = Thread::current();
    if (const Exit refused = own(store, thread); refused != Exit::Done) return refused;
    std::copy_n(frame + kFrameRegisters, signature.buffer_params, store.argument_buffer());
    const Exit exit = enter(store, thread, function, false, frame);
    std::copy_n(store.argument_buffer(), signature.buffer_results, frame + kFrameRegisters);
    return exit;
}

const LcFuncRef* canonical(const LcFuncRef* function) {
    if (const HostFunction* host = host_function_of(function)) return &host->ref;
    return instance_of(function)->function(function->index);
}

}  // namespace linocut
