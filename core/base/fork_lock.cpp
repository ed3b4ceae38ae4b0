#include "base/fork_lock.hpp"

#include <pthread.h>

namespace linocut {

namespace {

std::mutex list_mutex;
ForkLock* list = nullptr;

template <typename Do>
void each(ForkLock* lock, ForkLock* ForkLock::* next, Do act) {
    for (; lock; lock = lock->*next) act(*lock);
}

}  // namespace

ForkLock::ForkLock() {
    const std::lock_guard guard(list_mutex);
    static ForkLock* ForkLock::* const next = &ForkLock::next_;
    const auto before = [] {
        list_mutex.lock();
        each(list, next, [](ForkLock& lock) { lock.lock(); });
    };
    const auto after = [] {
        each(list, next, [](ForkLock& lock) { lock.unlock(); });
        list_mutex.unlock();
    };
    if (!list) pthread_atfork(before, after, after);
    next_ = list;
    list = this;
}

}  // namespace linocut
