// Which catch clause takes an exception, by the call that it comes out of: so entering a try costs nothing. A place is
// a distance in bytes from the beginning of a function's machine code, or the number of an instruction of the
// interpreter.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace linocut {

struct HandlerTable {
    static constexpr uint32_t kNone = UINT32_MAX;
    static constexpr uint32_t kAnyTag = UINT32_MAX;

    struct Clause {
        uint32_t tag;  // its index in the module, or kAnyTag
        bool takes_reference;
        uint32_t landing;  // where the function goes on, the values being in the argument buffer
    };
    // Those of one try, and what is asked next.
    struct Handler {
        uint32_t outer;  // a handler, or kNone
        std::vector<Clause> clauses;
    };
    struct Call {
        uint32_t place;  // where it returns to; of the interpreter, of the call itself
        uint32_t handler;
    };

    std::vector<Handler> handlers;
    std::vector<Call> calls;  // those within a try, by ascending place

    // The innermost handler around the call, or kNone.
    uint32_t handler_of(uint32_t place) const {
        const auto found = std::lower_bound(calls.begin(), calls.end(), place,
                                            [](const Call& call, uint32_t at) { return call.place < at; });
        return found != calls.end() && found->place == place ? found->handler : kNone;
    }
};

}  // namespace linocut
