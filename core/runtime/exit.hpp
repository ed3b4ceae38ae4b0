// How a call came back.
#pragma once

#include <cstdint>

#include "context.h"

namespace linocut {

enum class Exit : uint32_t {
    Done = 0,           // the results are there
    Trap = 1,           // Thread::take_trap() has the record
    HostException = 2,  // a host function or a signal handler failed; bind holds its exception
    Timeout = 3,        // the deadline passed
    Busy = 4,           // not entered: another thread runs in the store
    Interrupted = 5,    // not entered: a signal handler may not call into the store it interrupted
    Exception = LC_EXCEPTION_EXIT,  // Thread::thrown was not caught
    Stopped = 7,                    // Store::interrupt
};

}  // namespace linocut
