// What the runtime asks of its host (bind/): the interpreter lock, signals, references to objects.
#pragma once

namespace linocut {

struct TrapRecord;

struct HostHooks {
    // Runs pending signal handlers; called with the lock held. Not 0: an exception is pending, a handler's or
    // one that another thread asked for.
    int (*check_signals)();
    // Whether another thread asked for one. Called without the lock, which `state` takes back.
    bool (*is_asked_to_raise)(void* state);
    // Gives up the interpreter lock / takes it back, as PyEval_SaveThread and PyEval_RestoreThread.
    void* (*release_lock)();
    void (*acquire_lock)(void* state);
    // The exception that is pending goes through these frames of WebAssembly; called with the lock held.
    void (*note_frames)(const TrapRecord& frames);
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
