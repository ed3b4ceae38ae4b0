// From C++ into machine code.
#pragma once

#include <cstdint>

#include "code/signature.hpp"
#include "code/stubs.hpp"
#include "code/type_registry.hpp"
#include "context.h"
#include "runtime/context.hpp"
#include "runtime/exit.hpp"
#include "runtime/interrupts.hpp"
#include "runtime/store.hpp"
#include "runtime/thread.hpp"

namespace linocut {

// May the thread enter the store? The fast half of Store::take_over.
inline Exit own(Store& store, Thread& thread) {
    return store.running == &thread ? Exit::Done : store.take_over();
}

// What is seldom to be done when machine code has been left.
void leave_slowly(Store& store, Thread& thread);

// The part that all calls have in common: into machine code and out again. Every store to memory counts here,
// so none is made in vain.
inline Exit enter(Store& store, Thread& thread, const LcFuncRef& function, bool is_narrow, uint64_t* frame) {
    Activation activation;
    Activation* const previous = thread.activation;
    activation.previous = previous;
    LcContext& context = context_of(function.context);
    if (context.stack_limit != thread.stack_limit) [[unlikely]]
        store.limit_stack(thread, context);
    thread.activation = &activation;
    store.activations++;
    thread.went_in_or_out();
    ticker_must_be_awake();
    const auto exit = static_cast<Exit>(linocut_enter(&activation, &function, frame, is_narrow));
    thread.went_in_or_out();
    if (thread.lock_released || store.is_asked_to_stop()) [[unlikely]]
        leave_slowly(store, thread);
    store.activations--;
    thread.activation = previous;
    return exit;
}

// Calls a function whose arguments and results all travel in registers: the frame has kFrameRegisters words.
inline Exit call_in_registers(Store& store, const LcFuncRef& function, bool is_narrow, uint64_t* frame) {
    Thread& thread = Thread::current();
    if (const Exit refused = own(store, thread); refused != Exit::Done) [[unlikely]]
        return refused;
    return enter(store, thread, function, is_narrow, frame);
}

// Calls a function with arguments or results beyond the registers.
Exit call_wide(Store& store, const LcFuncRef& function, const Signature& signature, uint64_t* frame);

// Calls a function of the store. `frame` has signature.frame_words words: the arguments, then the results
// (code/signature.hpp); it must not be shared with another call. Needs the interpreter's lock, which long
// calls give up and take back. Inline: a call from Python has no more than 20 ns.
inline Exit call(Store& store, const LcFuncRef& function, const Signature& signature, uint64_t* frame) {
    if (signature.frame_words > kFrameRegisters) [[unlikely]]
        return call_wide(store, function, signature, frame);
    return call_in_registers(store, function, signature.is_narrow, frame);
}

inline const Signature& signature_of(const LcFuncRef& function) { return signature_of(function.type_id); }

// The one reference that stands for this function: contexts hold copies of imported ones.
const LcFuncRef* canonical(const LcFuncRef* function);

// The instance that a wasm function belongs to. Not for host functions.
inline Instance* instance_of(const LcFuncRef* function) { return static_cast<Instance*>(function->owner); }

// Null for a wasm function.
inline HostFunction* host_function_of(const LcFuncRef* function) {
    return function->kind == LC_FUNC_HOST ? static_cast<HostFunction*>(function->owner) : nullptr;
}

}  // namespace linocut
