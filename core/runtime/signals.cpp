#include "runtime/signals.hpp"

#include <cerrno>
#include <cstring>
#include <mutex>

#include <signal.h>

#include "base/fork_lock.hpp"
#include "code/arch/machine_state.hpp"
#include "code/code_memory.hpp"
#include "code/stubs.hpp"
#include "runtime/reservation.hpp"
#include "runtime/thread.hpp"

namespace linocut {

namespace {

// A null function reference is read at its type: what faults this low is a call through one.
constexpr uintptr_t kNullPage = 4096;

struct Chain {
    int signal;
    bool is_wanted;
    bool is_placed;  // ours was put in place once
    struct sigaction previous;
};
Chain chains[] = {{SIGSEGV, true, false, {}}, {SIGBUS, true, false, {}}, {SIGFPE, false, false, {}}};
Chain& divide_errors = chains[2];

bool turn_into_trap(int number, const siginfo_t& info, MachineState state) {
    const uintptr_t pc = state.pc();
    if (!is_machine_code(pc)) return false;
    const auto address = reinterpret_cast<uintptr_t>(info.si_addr);
    TrapKind kind = TrapKind::OutOfBoundsMemory;
    if (number == divide_errors.signal)
        kind = state.divide_trap();
    else if (address < kNullPage)
        kind = TrapKind::UninitializedElement;
    else if (!is_linear_memory(address))
        return false;
    // A return address lies behind its call: the walk looks up the byte before it.
    state.redirect(trap_stub(static_cast<uint32_t>(kind)), pc + 1);
    return true;
}

thread_local bool is_chaining __attribute__((tls_model("initial-exec"))) = false;

// A handler that neither ends the process nor mends the fault is called this often for the same one.
constexpr int kPatience = 1000;
thread_local struct {
    uintptr_t pc, address;
    int times;
} last_fault __attribute__((tls_model("initial-exec")));

bool is_hopeless(const siginfo_t& info, void* state) {
    const uintptr_t pc = MachineState(state).pc();
    const auto address = reinterpret_cast<uintptr_t>(info.si_addr);
    if (pc != last_fault.pc || address != last_fault.address) last_fault = {pc, address, 0};
    return ++last_fault.times > kPatience;
}

// Passes the fault to the handler that was there before. One that raises the signal anew (faulthandler) would
// come back here for ever: the second time the default action ends it.
void pass_on(const Chain& chain, siginfo_t* info, void* state) {
    const struct sigaction& previous = chain.previous;
    const bool is_default = !(previous.sa_flags & SA_SIGINFO) && previous.sa_handler == SIG_DFL;
    if (is_default || is_chaining || is_hopeless(*info, state)) {
        signal(chain.signal, SIG_DFL);
        if (info->si_code <= 0) raise(chain.signal);
        return;  // a real fault happens again
    }
    is_chaining = true;
    if (previous.sa_flags & SA_SIGINFO)
        previous.sa_sigaction(chain.signal, info, state);
    else if (previous.sa_handler != SIG_IGN)
        previous.sa_handler(chain.signal);
    is_chaining = false;
}

// A handler that was installed after ours has been given the fault first, and now puts ours back and
// raises the signal: ignored, the fault happens again and comes straight here.
bool is_echo(const siginfo_t& info) {
    if (info.si_code > 0) return false;
    const Thread* thread = Thread::current_or_null();
    return thread && thread->is_in_machine_code();
}

void on_fault(int number, siginfo_t* info, void* state) {
    const int saved = errno;
    const bool is_fault = info->si_code > 0;
    if (!(is_fault && turn_into_trap(number, *info, MachineState(state))) && !is_echo(*info))
        for (const Chain& chain : chains)
            if (chain.signal == number) pass_on(chain, info, state);
    errno = saved;
}

bool is_ours(const struct sigaction& action) {
    return action.sa_flags & SA_SIGINFO && action.sa_sigaction == on_fault;
}

void assert_handler(Chain& chain) {
    struct sigaction current{};
    if (sigaction(chain.signal, nullptr, &current) != 0 || is_ours(current)) return;
    chain.previous = current;
    struct sigaction mine{};
    mine.sa_sigaction = on_fault;
    // Not deferred: a fault inside a chained handler must reach it as before.
    mine.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    chain.is_placed = sigaction(chain.signal, &mine, nullptr) == 0;
}

void withdraw_handler(const Chain& chain) {
    struct sigaction current{};
    if (sigaction(chain.signal, nullptr, &current) == 0 && is_ours(current))
        sigaction(chain.signal, &chain.previous, nullptr);
}

ForkLock& chains_lock() {
    static ForkLock* lock = new ForkLock;
    return *lock;
}

void on_tick(int, siginfo_t*, void* state) {
    Thread* thread = Thread::current_or_null();
    if (!thread) return;
    thread->signalled.store(false, std::memory_order_relaxed);
    send_to_safepoint(*thread, state);
}

// The first real-time signal that nobody handles; the lowest ones are favourites of others.
int choose_tick_signal() {
    for (int number = SIGRTMIN + 7; number <= SIGRTMAX; number++) {
        struct sigaction current{};
        if (sigaction(number, nullptr, &current) != 0 || current.sa_handler != SIG_DFL) continue;
        struct sigaction mine{};
        mine.sa_sigaction = on_tick;
        mine.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
        if (sigaction(number, &mine, nullptr) == 0) return number;
    }
    return 0;
}

}  // namespace

void assert_fault_handlers() {
    const std::lock_guard guard(chains_lock());
    for (Chain& chain : chains)
        if (chain.is_wanted) assert_handler(chain);
}

void reassert_fault_handlers(int number) {
    const std::lock_guard guard(chains_lock());
    for (Chain& chain : chains)
        if (chain.signal == number && chain.is_placed) assert_handler(chain);
}

void catch_divide_errors() {
    const std::lock_guard guard(chains_lock());
    divide_errors.is_wanted = true;
}

WithoutFaultHandlers::WithoutFaultHandlers() {
    const std::lock_guard guard(chains_lock());
    for (const Chain& chain : chains) withdraw_handler(chain);
}

// Below the limit there may be no room left for the safepoint's frame.
void send_to_safepoint(Thread& thread, void* context) {
    MachineState state(context);
    if (is_machine_code(state.pc()) && state.sp() >= thread.stack_limit)
        state.redirect(reinterpret_cast<void*>(linocut_safepoint), state.pc());
    else
        thread.pending.store(true, std::memory_order_relaxed);
}

int tick_signal() {
    static const int number = choose_tick_signal();
    return number;
}

void unblock_tick() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, tick_signal());
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace linocut
