// A mutex for process-wide tables: fork() waits for it, so the child finds the table whole and unlocked.
#pragma once

#include <mutex>

namespace linocut {

// For objects that live as long as the process. A thread holds at most one of them at a time, so that
// fork may take them in any order.
class ForkLock {
public:
    ForkLock();
    ForkLock(const ForkLock&) = delete;
    ForkLock& operator=(const ForkLock&) = delete;

    void lock() { mutex_.lock(); }
    void unlock() { mutex_.unlock(); }

private:
    std::mutex mutex_;
    ForkLock* next_;
};

}  // namespace linocut
