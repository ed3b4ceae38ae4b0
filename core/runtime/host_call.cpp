// From machine code to functions of the host.
#include <algorithm>

#include <alloca.h>

#include "code/stubs.hpp"
#include "runtime/call.hpp"
#include "runtime/hooks.hpp"
#include "runtime/stack_walk.hpp"
#include "runtime/trap.hpp"

namespace linocut {

namespace {

// The part of the frame beyond the registers lies in the store's buffer, which the callee may use.
Exit call_wide(HostFunction& function, uint64_t* registers, uint64_t* buffer) {
    const Signature& signature = *function.signature;
    auto* frame = static_cast<uint64_t*>(alloca(signature.frame_words * sizeof(uint64_t)));
    std::copy_n(registers, kFrameRegisters, frame);
    std::copy_n(buffer, signature.buffer_params, frame + kFrameRegisters);
    const Exit exit = function.callback(function, frame);
    std::copy_n(frame, kFrameRegisters, registers);
    std::copy_n(frame + kFrameRegisters, signature.buffer_results, buffer);
    return exit;
}

// Notes the frames of the call that the exception leaves.
[[gnu::noinline]] void note_frames(const Thread& thread) {
    TrapRecord record;
    walk_left_activation(thread, record);
    host_hooks().note_frames(record);
}

Exit call_host(HostFunction& function, uint64_t* registers, Store& store, Thread& thread) {
    // A greenlet may come back here from another one's activations.
    Activation* activation = thread.activation;
    thread.went_in_or_out();
    thread.take_lock_back();
    const bool is_wide = function.signature->frame_words > kFrameRegisters;
    const Exit exit = is_wide ? call_wide(function, registers, store.argument_buffer())
                              : function.callback(function, registers);
    thread.activation = activation;
    if (exit == Exit::HostException) [[unlikely]]
        note_frames(thread);
    thread.went_in_or_out();
    ticker_must_be_awake();
    if (exit == Exit::Done && thread.pending.load(std::memory_order_relaxed)) [[unlikely]]
        return function.keeps_lock ? poll_holding_lock(thread, store) : poll(thread, store);
    return exit;
}

}  // namespace

}  // namespace linocut

uint32_t linocut_on_host_call(const LcFuncRef* function, uint64_t* frame, uint8_t* end,
                              uint64_t sp) noexcept {
    using namespace linocut;
    const Thread& thread = thread_of_context(end);
    thread.activation->leave(sp, nullptr);
    if (sp < thread.stack_limit)
        return linocut_raise_trap(static_cast<uint32_t>(TrapKind::StackExhausted), end);
    return linocut_call_host(function, frame, end);
}

uint32_t linocut_call_host(const LcFuncRef* reference, uint64_t* frame, uint8_t* end) noexcept {
    using namespace linocut;
    auto& function = *static_cast<HostFunction*>(reference->owner);
    return static_cast<uint32_t>(call_host(function, frame, store_of_context(end), thread_of_context(end)));
}
