// Stops or pauses machine code that runs for long: deadlines, the interpreter's signals and its lock.
#pragma once

#include <atomic>
#include <cstdint>

#include "runtime/exit.hpp"
#include "runtime/thread.hpp"

namespace linocut {

class Store;

// A call's timeout: while it lives, calls of this thread end in Exit::Timeout after so many seconds.
// Nested ones can only shorten it.
class Deadline {
public:
    explicit Deadline(double seconds);
    ~Deadline();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

private:
    Thread& thread_;
    int64_t previous_;
};

// What a safepoint does: looks at the deadline, runs signal handlers, gives up the interpreter's lock.
// Done: machine code may go on.
Exit poll(Thread& thread, Store& store) noexcept;

// As poll(), but a lock that is held stays so until the next tick.
Exit poll_holding_lock(Thread& thread, Store& store) noexcept;

// The ticker: one thread that looks at all others every few milliseconds while machine code runs.
extern std::atomic<bool> ticker_asleep;
void wake_ticker();

// The thread comes to a safepoint soon, and again until nothing of it is asked to stop.
void stop_thread(Thread& thread);

// No thread of this process is signalled any more (Switch::Interrupts): long calls hold the lock, whatever waits.
void stop_ticker();

// Called after every step into machine code. The ticker's side of the race is a membarrier, so that this one
// costs no fence.
inline void ticker_must_be_awake() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (ticker_asleep.load(std::memory_order_relaxed)) [[unlikely]]
        wake_ticker();
}

}  // namespace linocut
