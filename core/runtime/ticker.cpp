#include <algorithm>
#include <climits>

#include <linux/futex.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/clock.hpp"
#include "runtime/interrupts.hpp"
#include "runtime/signals.hpp"

namespace linocut {

std::atomic<bool> ticker_asleep{true};

namespace {

// CPython's own switch interval: other threads wait no longer for a long call than for a Python loop.
constexpr int64_t kTick = kSecond / 200;

// A thread that is past its deadline, or has not answered, is looked at again after this time.
constexpr int64_t kRetry = kSecond / 2000;

// After this many ticks without a call the ticker sleeps until the next call.
constexpr int kIdleTicks = 20;

// Without membarrier a wake-up may be missed; it is made up for after this time.
constexpr int64_t kNap = kSecond / 20;

constexpr size_t kTickerStack = size_t{128} << 10;

std::atomic<bool> started{false};
std::atomic<bool> stopped{false};
std::atomic<uint32_t> wake_word{0};

void wait(uint32_t word, int64_t nanoseconds) {
    const timespec time{nanoseconds / kSecond, nanoseconds % kSecond};
    syscall(SYS_futex, &wake_word, FUTEX_WAIT_PRIVATE, word, nanoseconds == INT64_MAX ? nullptr : &time,
            nullptr, 0);
}

// One look at all threads.
struct Look {
    int64_t now;
    int64_t next;  // when to look again
    bool is_tick;
    bool active = false;  // some thread was in machine code since the last tick
};

void interrupt(Thread& thread) {
    thread.pending.store(true, std::memory_order_relaxed);
    // Not again before the last one was received: real-time signals queue.
    if (thread.is_in_machine_code() && !thread.signalled.exchange(true, std::memory_order_relaxed))
        syscall(SYS_tgkill, getpid(), thread.tid, tick_signal());
}

void look_at(Thread& thread, void* argument) {
    Look& look = *static_cast<Look*>(argument);
    const uint64_t transitions = thread.transitions.load(std::memory_order_relaxed);
    const int64_t deadline = thread.deadline.load(std::memory_order_relaxed);
    const bool is_inside = transitions & 1;
    const bool has_moved = transitions != thread.last_seen;
    if (look.is_tick) thread.last_seen = transitions;
    look.active |= is_inside || has_moved;
    if (look.now >= deadline) {
        interrupt(thread);
        look.next = std::min(look.next, look.now + kRetry);
        return;
    }
    look.next = std::min(look.next, deadline);
    if (thread.asked_to_stop.load(std::memory_order_relaxed)) {  // it may be in a host function
        interrupt(thread);
        look.next = std::min(look.next, look.now + kTick);
        return;
    }
    if (!look.is_tick) return;
    if (has_moved)
        thread.pending.store(true, std::memory_order_relaxed);
    else if (is_inside)
        interrupt(thread);
}

bool register_membarrier() {
    return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

// Either this sees the transition of a thread that goes in, or that thread sees that the ticker is asleep.
void sleep_until_woken(bool has_membarrier) {
    const uint32_t word = wake_word.load();
    ticker_asleep.store(true);
    if (has_membarrier) syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
    Look look{now(), INT64_MAX, false};
    each_thread(look_at, &look);
    if (!look.active && look.next == INT64_MAX) wait(word, has_membarrier ? INT64_MAX : kNap);
    ticker_asleep.store(false);
}

void* tick_forever(void*) {
    const bool has_membarrier = register_membarrier();
    int idle = 0;
    int64_t next_tick = now() + kTick;
    for (;;) {
        const uint32_t word = wake_word.load();
        if (stopped.load()) {
            wait(word, INT64_MAX);
            continue;
        }
        Look look{now(), next_tick, false};
        if (look.now >= next_tick) {
            look.is_tick = true;
            look.next = next_tick = look.now + kTick;
        }
        each_thread(look_at, &look);
        if (look.is_tick) idle = look.active ? 0 : idle + 1;
        if (idle >= kIdleTicks) {
            sleep_until_woken(has_membarrier);
            idle = 0;
            next_tick = now() + kTick;
        } else if (const int64_t rest = look.next - now(); rest > 0) {
            wait(word, rest);
        }
    }
    return nullptr;
}

void forget_in_child() {
    started.store(false);
    ticker_asleep.store(true);
}

void start_ticker() {
    static const int registered = pthread_atfork(nullptr, nullptr, forget_in_child);
    (void)registered;
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, std::max<size_t>(kTickerStack, PTHREAD_STACK_MIN));
    pthread_sigmask(SIG_SETMASK, &all, &before);  // the new thread takes no signals from others
    pthread_t thread;
    if (pthread_create(&thread, &attributes, tick_forever, nullptr) == 0)
        pthread_setname_np(thread, "linocut-ticker");
    else
        started.store(false);  // tried again at the next call
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pthread_attr_destroy(&attributes);
}

}  // namespace

void wake_ticker() {
    ticker_asleep.store(false);
    if (stopped.load()) return;
    if (!started.exchange(true)) start_ticker();
    wake_word.fetch_add(1);
    syscall(SYS_futex, &wake_word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void stop_thread(Thread& thread) {
    thread.asked_to_stop.store(true);
    interrupt(thread);
    wake_ticker();
}

void stop_ticker() { stopped.store(true); }

}  // namespace linocut
