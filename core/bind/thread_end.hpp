// What becomes of a thread that wants the interpreter's lock when the interpreter has ended.
#pragma once

#include <cxxabi.h>
#include <unistd.h>

#include "bind/python.hpp"

namespace linocut::bind {

// Up to 3.13 Python ends such a thread (a daemon) by unwinding it from where it is. Machine code cannot be
// unwound; so the thread sleeps until the process ends, as it does in 3.14.
template <typename Call>
auto without_unwinding(Call call) {
    try {
        return call();
    } catch (abi::__forced_unwind&) {
        for (;;) pause();
    }
}

// Gives up the interpreter's lock while it lives.
class WithoutLock {
public:
    WithoutLock() : state_(PyEval_SaveThread()) {}
    ~WithoutLock() {
        without_unwinding([this] { PyEval_RestoreThread(state_); });
    }
    WithoutLock(const WithoutLock&) = delete;
    WithoutLock& operator=(const WithoutLock&) = delete;

private:
    PyThreadState* state_;
};

}  // namespace linocut::bind
