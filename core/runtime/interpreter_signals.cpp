#include "runtime/interpreter_signals.hpp"

#include <cerrno>

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/hooks.hpp"
#include "runtime/signals.hpp"

namespace linocut {

namespace {

constexpr int kSignals = 32;  // the classic ones

std::atomic<Thread*> signal_thread{nullptr};
struct sigaction wrapped[kSignals];

// The interpreter's handler first, then its thread is brought to a safepoint.
void on_signal(int number, siginfo_t* info, void* state) {
    const int saved = errno;
    const struct sigaction& inner = wrapped[number];
    if (inner.sa_flags & SA_SIGINFO)
        inner.sa_sigaction(number, info, state);
    else
        inner.sa_handler(number);
    if (Thread* thread = signal_thread.load(std::memory_order_relaxed)) {
        thread->tripped.store(true, std::memory_order_relaxed);
        thread->pending.store(true, std::memory_order_relaxed);
        if (thread == Thread::current_or_null())
            send_to_safepoint(*thread, state);
        else if (thread->is_in_machine_code())
            syscall(SYS_tgkill, getpid(), thread->tid, tick_signal());
    }
    errno = saved;
}

void wrap(int number) {
    struct sigaction current{};
    if (sigaction(number, nullptr, &current) != 0) return;
    if (current.sa_flags & SA_SIGINFO || current.sa_handler != host_hooks().signal_handler) return;
    wrapped[number] = current;
    struct sigaction mine = current;
    mine.sa_sigaction = on_signal;
    mine.sa_flags |= SA_SIGINFO | SA_ONSTACK;
    sigaction(number, &mine, nullptr);
}

// The interpreter puts its own handler back whenever a program sets one: all signals are looked at in the
// first poll of a stretch, then one with each tick.
void keep_wrapped(Thread& thread) {
    if (thread.lock_released) {
        thread.next_to_wrap = thread.next_to_wrap % (kSignals - 1) + 1;
        wrap(thread.next_to_wrap);
    } else {
        for (int number = 1; number < kSignals; number++) wrap(number);
    }
}

}  // namespace

void set_signal_thread(Thread* thread) { signal_thread.store(thread, std::memory_order_relaxed); }
bool is_signal_thread(const Thread& thread) {
    return signal_thread.load(std::memory_order_relaxed) == &thread;
}

bool must_check_signals(Thread& thread) {
    if (!is_signal_thread(thread)) return false;
    const bool can_wrap = host_hooks().signal_handler;
    if (can_wrap) keep_wrapped(thread);
    // Asking needs the lock, which has to be taken back once given up.
    return thread.tripped.exchange(false, std::memory_order_relaxed) || !thread.lock_released || !can_wrap;
}

}  // namespace linocut
