// What the runtime asks of its host (bind/): the interpreter lock, signals, references to objects.
#pragma once

namespace linocut {

struct HostHooks {
    // Runs pending signal handlers; called with the lock held. Not 0: an exception is pending.
    int (*check_signals)();
    // Gives up the interpreter lock / takes it back, as PyEval_SaveThread and PyEval_RestoreThread.
    void* (*release_lock)();
    void (*acquire_lock)(void* state);
    // Drops one reference to an object that a store owns; called with the lock held.
    void (*release_object)(void* object);
    // Whether something in the process switches C stacks under the interpreter (greenlet).
    bool (*has_greenlets)();
    // Whether signal handlers run on the calling thread.
    bool (*on_main_thread)();
    // What the interpreter gives to sigaction, or null when bind cannot tell: then the interpreter is asked
    // at every tick, which costs the lock.
    void (*signal_handler)(int);
};

// Once, before the first call. The struct is copied.
void set_host_hooks(const HostHooks& hooks);
const HostHooks& host_hooks();

}  // namespace linocut
