// The interpreter's signal handlers only set a flag, which machine code would not see for long.
#pragma once

#include "runtime/thread.hpp"

namespace linocut {

// Whether the thread should ask the interpreter to run signal handlers; keeps them wrapped.
bool must_check_signals(Thread& thread);

// The thread on which the interpreter runs signal handlers, if it ever called machine code.
void set_signal_thread(Thread* thread);
bool is_signal_thread(const Thread& thread);

}  // namespace linocut
