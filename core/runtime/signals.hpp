// What the operating system tells machine code: faults become traps, ticks become safepoints.
#pragma once

namespace linocut {

// Puts the fault handlers in place, and again in front of whoever replaced them since; others' handlers
// keep what is not ours. Cheap enough for an instantiation or a tick (0.4 µs), not for a call.
void assert_fault_handlers();

// The same for one signal that somebody has just set a handler of; nothing if it was never ours.
void reassert_fault_handlers(int number);

// From now on divide errors in machine code are traps, too: for code without checks (Switch::DivisionChecks).
// Until then SIGFPE is nobody's business here. Takes effect when the handlers are put in place next.
void catch_divide_errors();

// While it lives, the handlers are those that were there before ours: for code that saves and restores them
// (faulthandler), which otherwise would take ours away or call itself through ours.
class WithoutFaultHandlers {
public:
    WithoutFaultHandlers();
    ~WithoutFaultHandlers() { assert_fault_handlers(); }
    WithoutFaultHandlers(const WithoutFaultHandlers&) = delete;
    WithoutFaultHandlers& operator=(const WithoutFaultHandlers&) = delete;
};

// The tick: a real-time signal that only interrupts machine code.
int tick_signal();

struct Thread;
// For signal handlers, with their third argument: machine code under it goes to a safepoint when the handler
// returns; anything else looks at `pending` later.
void send_to_safepoint(Thread& thread, void* state);
void unblock_tick();

}  // namespace linocut
