#include "runtime/waiters.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fork_lock.hpp"
#include "base/sip_hash.hpp"
#include "runtime/clock.hpp"
#include "runtime/interrupts.hpp"

namespace linocut {

namespace {

// So often a thread that waits looks whether something else is wanted of it: a signal may arrive on another thread.
constexpr int64_t kNap = kSecond / 20;

// One thread that waits, on its own stack.
struct Waiter {
    const void* address;
    std::atomic<uint32_t> is_notified{0};
    Waiter* next = nullptr;

    // Until it is notified, a signal arrives, or the time is over.
    void sleep(int64_t nanoseconds) {
        const timespec time{nanoseconds / kSecond, nanoseconds % kSecond};
        syscall(SYS_futex, &is_notified, FUTEX_WAIT_PRIVATE, 0, &time, nullptr, 0);
    }
    // The waiter may be gone as soon as the word is set: waking nobody at its address does no harm.
    void wake() {
        is_notified.store(1, std::memory_order_release);
        syscall(SYS_futex, &is_notified, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    }
};

// Those of some addresses, in the order in which they came.
class Bucket {
public:
    ForkLock lock;

    void add(Waiter& waiter) { *end() = &waiter; }
    void remove(const Waiter& waiter) {
        Waiter** at = &first_;
        while (*at != &waiter) at = &(*at)->next;
        *at = waiter.next;
    }
    uint32_t wake(const void* address, uint32_t most) {
        uint32_t count = 0;
        for (Waiter** at = &first_; *at && count < most;) {
            Waiter& waiter = **at;
            if (waiter.address != address) {
                at = &waiter.next;
                continue;
            }
            *at = waiter.next;
            waiter.wake();
            count++;
        }
        return count;
    }
    void clear() { first_ = nullptr; }

private:
    Waiter** end() {
        Waiter** at = &first_;
        while (*at) at = &(*at)->next;
        return at;
    }

    Waiter* first_ = nullptr;
};

// All of the process. What a module chooses, addresses within its memory, does not tell it the bucket.
class WaiterTable {
public:
    static WaiterTable& get() {
        static WaiterTable* table = new WaiterTable;
        return *table;
    }
    Bucket& bucket(const void* address) {
        SipHash hash(key_);
        hash.add(reinterpret_cast<uintptr_t>(address));
        return buckets_[hash.finish() % kBuckets];
    }

private:
    // In a child the other threads are not there.
    WaiterTable() {
        pthread_atfork(nullptr, nullptr, [] {
            for (Bucket& bucket : get().buckets_) bucket.clear();
        });
    }

    static constexpr size_t kBuckets = 64;
    const SipKey key_ = SipKey::random();
    Bucket buckets_[kBuckets];
};

// When so many nanoseconds are over.
int64_t end_of(int64_t timeout) {
    if (timeout < 0) return kNoDeadline;
    const int64_t start = now();
    return timeout > kNoDeadline - start ? kNoDeadline : start + timeout;
}

// Whether it had been notified in the meantime.
bool leave(Bucket& bucket, const Waiter& waiter) {
    const std::lock_guard guard(bucket.lock);
    if (waiter.is_notified.load(std::memory_order_acquire)) return true;
    bucket.remove(waiter);
    return false;
}

// The thread is not in machine code meanwhile: the ticker has no reason to disturb it.
void nap(Thread& thread, Waiter& waiter, int64_t until) {
    const int64_t left = std::min(until, thread.deadline.load(std::memory_order_relaxed)) - now();
    if (left <= 0) return;
    thread.went_in_or_out();
    waiter.sleep(std::min(left, kNap));
    thread.went_in_or_out();
    ticker_must_be_awake();
}

Exit wait(Bucket& bucket, Waiter& waiter, int64_t timeout, Thread& thread, Store& store, Woken& how) {
    const int64_t end = end_of(timeout);
    for (;;) {
        if (const Exit exit = poll(thread, store); exit != Exit::Done) {
            leave(bucket, waiter);
            return exit;
        }
        if (waiter.is_notified.load(std::memory_order_acquire)) {
            how = Woken::Notified;
            return Exit::Done;
        }
        if (now() >= end) {
            how = leave(bucket, waiter) ? Woken::Notified : Woken::TimedOut;
            return Exit::Done;
        }
        nap(thread, waiter, end);
    }
}

}  // namespace

// Whoever changes the value and notifies afterwards either changes it before it is looked at here, or finds the
// waiter: both happen under the lock.
template <typename Value>
Exit wait_at(const Value* address, Value expected, int64_t timeout, Thread& thread, Store& store,
             Woken& how) {
    Bucket& bucket = WaiterTable::get().bucket(address);
    Waiter waiter{.address = address};
    {
        const std::lock_guard guard(bucket.lock);
        if (__atomic_load_n(address, __ATOMIC_SEQ_CST) != expected) {
            how = Woken::NotEqual;
            return Exit::Done;
        }
        bucket.add(waiter);
    }
    return wait(bucket, waiter, timeout, thread, store, how);
}

template Exit wait_at(const uint32_t*, uint32_t, int64_t, Thread&, Store&, Woken&);
template Exit wait_at(const uint64_t*, uint64_t, int64_t, Thread&, Store&, Woken&);

uint32_t notify_at(const void* address, uint32_t most) {
    Bucket& bucket = WaiterTable::get().bucket(address);
    const std::lock_guard guard(bucket.lock);
    return bucket.wake(address, most);
}

}  // namespace linocut
