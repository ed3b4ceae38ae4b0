// Leaving frames of machine code, which there is none of on this processor yet: nothing of this is ever called.
#pragma once

#include <cstdint>

#include "code/code.hpp"

namespace linocut {

struct UnwoundRegisters {
    uint64_t sp() const { return 0; }
    uint64_t context() const { return 0; }
    void go_to(uint64_t, uint64_t) {}
    void leave_switch(uint64_t) {}
    void leave_frame(const FunctionCode&, uint64_t) {}
};

}  // namespace linocut
