#include "runtime/thread.hpp"

#include <mutex>

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fork_lock.hpp"
#include "base/out_of_memory.hpp"
#include "runtime/hooks.hpp"
#include "runtime/interpreter_signals.hpp"
#include "runtime/signals.hpp"

namespace linocut {

namespace {

// Helpers, signal frames and the host's own functions run below the limit.
constexpr uint64_t kReserve = uint64_t{256} << 10;

// Without a limit on the stack a runaway recursion would eat all memory before it traps.
constexpr uint64_t kUnlimitedStack = uint64_t{64} << 20;

// A handler's frame holds the vector state, up to 11 KiB with AMX.
constexpr size_t kSignalStack = size_t{64} << 10;

struct ThreadList {
    ForkLock lock;
    Thread* first = nullptr;

    static ThreadList& get() {
        static ThreadList* list = new ThreadList;
        return *list;
    }
};

HostHooks hooks{};

}  // namespace

thread_local Thread* Thread::current_ = nullptr;

void set_host_hooks(const HostHooks& given) { hooks = given; }
const HostHooks& host_hooks() { return hooks; }

void each_thread(void (*visit)(Thread&, void*), void* argument) {
    ThreadList& list = ThreadList::get();
    const std::lock_guard guard(list.lock);
    for (Thread* thread = list.first; thread; thread = thread->next) visit(*thread, argument);
}

Thread& Thread::start() {
    ThreadList& list = ThreadList::get();
    // The key exists for its destructor: it runs when the thread ends.
    static const pthread_key_t key = [] {
        pthread_key_t made;
        pthread_key_create(&made, end);
        pthread_atfork(nullptr, nullptr, start_in_child);
        return made;
    }();
    auto* thread = new Thread;
    thread->tid = gettid();
    thread->find_stack();
    thread->provide_signal_stack();
    unblock_tick();
    {
        const std::lock_guard guard(list.lock);
        thread->next = list.first;
        list.first = thread;
    }
    if (pthread_setspecific(key, thread) != 0) {
        end(thread);
        throw OutOfMemory("cannot keep a record of a thread: the system refuses");
    }
    current_ = thread;
    if (hooks.on_main_thread && hooks.on_main_thread()) set_signal_thread(thread);
    return *thread;
}

void Thread::end(void* pointer) {
    auto* thread = static_cast<Thread*>(pointer);
    thread->unlink();
    if (is_signal_thread(*thread)) set_signal_thread(nullptr);
    current_ = nullptr;
    if (thread->signal_stack) {
        stack_t none{};
        none.ss_flags = SS_DISABLE;
        sigaltstack(&none, nullptr);
        munmap(thread->signal_stack, kSignalStack);
    }
    delete thread;
}

void Thread::unlink() {
    ThreadList& list = ThreadList::get();
    const std::lock_guard guard(list.lock);
    for (Thread** at = &list.first; *at; at = &(*at)->next) {
        if (*at != this) continue;
        *at = next;
        return;
    }
}

// Only the thread that forked lives on. The other records are not freed: whoever holds a pointer to one
// must find it different from every later one.
void Thread::start_in_child() {
    for (Thread* thread = ThreadList::get().first; thread; thread = thread->next)
        if (thread != current_) thread->is_lost.store(true, std::memory_order_relaxed);
    ThreadList::get().first = current_;
    set_signal_thread(nullptr);
    if (!current_) return;
    current_->next = nullptr;
    current_->tid = gettid();
    current_->signalled.store(false);
    set_signal_thread(current_);
}

void Thread::find_stack() {
    pthread_attr_t attributes;
    void* low = nullptr;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &low, &size);
        pthread_attr_destroy(&attributes);
    }
    stack_bottom = reinterpret_cast<uint64_t>(low);
    stack_top = stack_bottom + size;
    rlimit limit{};
    const bool is_main = tid == getpid();
    if (is_main && getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY &&
        size > kUnlimitedStack)
        size = kUnlimitedStack;
    stack_limit = stack_top - size + kReserve;
}

void Thread::provide_signal_stack() {
    stack_t current{};
    if (sigaltstack(nullptr, &current) != 0 || !(current.ss_flags & SS_DISABLE)) return;
    void* memory = mmap(nullptr, kSignalStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_t mine{};
    mine.ss_sp = memory;
    mine.ss_size = kSignalStack;
    if (sigaltstack(&mine, nullptr) == 0)
        signal_stack = memory;
    else
        munmap(memory, kSignalStack);
}

void Thread::take_lock_back() {
    if (!lock_released) return;
    hooks.acquire_lock(released_lock);
    lock_released = false;
}

}  // namespace linocut
