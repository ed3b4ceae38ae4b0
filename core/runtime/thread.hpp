// One record for each thread that ever called machine code.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include <sys/types.h>

#include "code/activation.hpp"
#include "runtime/trap.hpp"

namespace linocut {

inline constexpr int64_t kNoDeadline = INT64_MAX;

struct Thread : ThreadHead {
    // Low bit set: in machine code (or a helper of it, or the interpreter). Changes whenever that does, so
    // that the ticker can tell a long stretch from many short ones without a message from the thread.
    std::atomic<uint64_t> transitions{0};
    uint64_t stack_limit = 0;  // lowest stack pointer that machine code may use
    uint64_t stack_bottom = 0, stack_top = 0;
    bool lock_released = false;                  // the interpreter's lock is given up …
    void* released_lock = nullptr;               // … and this takes it back
    std::atomic<bool> signalled{false};          // a tick is on its way
    std::atomic<bool> tripped{false};            // a signal handler of the interpreter waits to run
    std::atomic<bool> asked_to_stop{false};      // what runs in a store: Store::interrupt
    std::atomic<bool> is_lost{false};            // another thread forked, and this is the child
    int next_to_wrap = 0;                        // interpreter_signals.cpp
    std::atomic<int64_t> deadline{kNoDeadline};  // CLOCK_MONOTONIC, nanoseconds
    TrapRecord trap;
    uint64_t thrown = 0;  // an exception that nobody has caught yet (exnref); its frames are those of `trap`
    pid_t tid = 0;
    uint64_t last_seen = 0;        // the ticker's: transitions at its last look
    void* signal_stack = nullptr;  // ours, if the thread had none
    Thread* next = nullptr;        // of the process-wide list

    static Thread& current() {
        if (!current_) [[unlikely]]
            return start();
        return *current_;
    }
    static Thread* current_or_null() { return current_; }

    // After Exit::Trap.
    TrapRecord take_trap() { return std::exchange(trap, {}); }

    // Only the thread itself writes, so no atomic addition is needed.
    void went_in_or_out() {
        transitions.store(transitions.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    bool is_in_machine_code() const { return transitions.load(std::memory_order_relaxed) & 1; }
    bool is_past_deadline(int64_t now) const { return now >= deadline.load(std::memory_order_relaxed); }

    void take_lock_back();

private:
    static Thread& start();
    static void end(void* thread);
    static void start_in_child();
    void find_stack();
    void provide_signal_stack();
    void unlink();

    // initial-exec: one instruction, and safe to read in a signal handler.
    static thread_local Thread* current_ __attribute__((tls_model("initial-exec")));
};

// Calls `visit` for each thread, under the list's lock.
void each_thread(void (*visit)(Thread& thread, void* argument), void* argument);

}  // namespace linocut
