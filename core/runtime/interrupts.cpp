#include "runtime/interrupts.hpp"

#include <algorithm>

#include "code/stubs.hpp"
#include "runtime/clock.hpp"
#include "runtime/context.hpp"
#include "runtime/hooks.hpp"
#include "runtime/interpreter_signals.hpp"
#include "runtime/signals.hpp"
#include "runtime/store.hpp"

namespace linocut {

namespace {

constexpr double kLongest = 1e9;  // seconds; longer ones are no deadline at all

// The interpreter runs in the middle of an activation. Machine code may hold anything in registers, so its
// store is closed meanwhile: handlers that call into it get Exit::Interrupted.
class Pause {
public:
    Pause(Thread& thread, Store& store) : thread_(thread), store_(store), activation_(thread.activation) {
        activation_->leave_sp = 0;
        thread_.went_in_or_out();
        store_.polling++;
        store_.running = nullptr;
    }
    ~Pause() {
        store_.running = &thread_;
        store_.polling--;
        thread_.went_in_or_out();
        thread_.activation = activation_;
        ticker_must_be_awake();
    }

private:
    Thread& thread_;
    Store& store_;
    Activation* activation_;
};

bool run_signal_handlers(Thread& thread, Store& store) {
    const Pause pause(thread, store);
    thread.take_lock_back();
    return host_hooks().check_signals() == 0;
}

}  // namespace

Deadline::Deadline(double seconds) : thread_(Thread::current()), previous_(thread_.deadline.load()) {
    if (!(seconds < kLongest)) return;
    const auto wanted = now() + static_cast<int64_t>(std::max(seconds, 0.0) * kSecond);
    thread_.deadline.store(std::min(wanted, previous_));
    if (thread_.is_past_deadline(now())) thread_.pending.store(true, std::memory_order_relaxed);
    wake_ticker();
}

Deadline::~Deadline() { thread_.deadline.store(previous_); }

Exit poll_holding_lock(Thread& thread, Store& store) noexcept {
    thread.pending.store(false, std::memory_order_relaxed);
    if (thread.is_past_deadline(now())) return Exit::Timeout;
    if (store.stops(thread)) return Exit::Stopped;
    assert_fault_handlers();
    const HostHooks& hooks = host_hooks();
    if (!hooks.check_signals) return Exit::Done;
    const bool is_asked = thread.lock_released && hooks.is_asked_to_raise(thread.released_lock);
    if ((must_check_signals(thread) || is_asked) && !run_signal_handlers(thread, store))
        return Exit::HostException;
    return Exit::Done;
}

Exit poll(Thread& thread, Store& store) noexcept {
    const Exit exit = poll_holding_lock(thread, store);
    const HostHooks& hooks = host_hooks();
    if (exit == Exit::Done && !thread.lock_released && hooks.release_lock) {
        thread.released_lock = hooks.release_lock();
        thread.lock_released = true;
    }
    return exit;
}

}  // namespace linocut

uint32_t linocut_on_safepoint(uint8_t* end) noexcept {
    using namespace linocut;
    Store& store = store_of_context(end);
    return static_cast<uint32_t>(poll(static_cast<Thread&>(*store.running), store));
}
