// How one visitor follows the other: by a tail call, the state in registers.
#pragma once

#include <type_traits>

#include "jit/function_compiler.hpp"

namespace linocut {

// The six parameters are the six argument registers of the System V ABI, so that a visitor that ends in a
// call of the next one keeps everything in place. `table` differs while positions are recorded or room
// for code is scarce.
struct DispatchTable;
using Handler = void (*)(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top, uint64_t free,
                         const DispatchTable* table);
struct DispatchTable {
    Handler by_byte[256];
};

struct HotState : State {
    FunctionCompiler& c;
    [[gnu::always_inline]] HotState(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top, uint64_t free)
        : State{pc, out, top, free}, c(c) {}

    // Calls that want the state in memory go between these two: its address never escapes, so that
    // the compiler can keep it in registers everywhere else.
    [[gnu::always_inline]] void park() const { c.state = State{pc, out, top, free}; }
    [[gnu::always_inline]] void unpark() {
        pc = c.state.pc;
        out = c.state.out;
        top = c.state.top;
        free = c.state.free;
    }
};

// The two kinds of visitor: with the state in registers, or parked.
template <auto Visit>
void handler(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top, uint64_t free,
             const DispatchTable* table) {
    if constexpr (std::is_invocable_v<decltype(Visit), HotState&>) {
        HotState s(c, pc, out, top, free);
        Visit(s);
        return table->by_byte[*s.pc](c, s.pc + 1, s.out, s.top, s.free, table);
    } else {
        c.state = State{pc, out, top, free};
        if constexpr (std::is_same_v<bool, std::invoke_result_t<decltype(Visit), FunctionCompiler&>>) {
            if (!Visit(c)) return;  // the function's end
        } else {
            Visit(c);
        }
        const State s = c.state;
        return table->by_byte[*s.pc](c, s.pc + 1, s.out, s.top, s.free, table);
    }
}

// Runs the visitors from `state.pc` until the function's end.
void run(FunctionCompiler& compiler);

}  // namespace linocut
