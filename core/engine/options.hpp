// How this process compiles: the same for a module and for the second look at one of its functions.
#pragma once

#include "jit/compiler.hpp"
#include "runtime/reservation.hpp"

namespace linocut {

inline CompileOptions compile_options(unsigned threads, SwitchSet without) {
    return {.threads = threads,
            .explicit_bounds = explicit_bounds() || without.has(Switch::GuardPages),
            .guard_bytes = guard_bytes(),
            .without = without};
}

}  // namespace linocut
