// How one visitor follows the other: by a tail call, the state in registers.
#pragma once

#include <type_traits>

#include "jit/arch/call_rare.hpp"
#include "jit/function_compiler.hpp"

namespace linocut {

// The six parameters are in registers by the C convention, so that a visitor that ends in a
// call of the next one keeps everything in place. `table` differs while positions are recorded or room
// for code is scarce, and when something is switched off.
//
// VISITOR is what every function of dispatch.cpp is declared with: all that it calls is inlined, whatever the
// compiler and the distribution's flags think of the size. If an inline function of a header were compiled
// out of line there, the linker might keep that copy for everybody, and visitors' code preserves none of its
// caller's registers.
#define VISITOR [[gnu::flatten]]

// The visitors are compiled twice. In the product nothing can be switched off, and asking costs nothing. In the
// ablation build (CMakeLists.txt) they ask; there they are local to their file, so that both can be linked.
// Cold code is compiled once: what it borrows from here never asks, it asks itself (FunctionCompiler::is_off).
#ifdef LINOCUT_ABLATION
#define HOT [[gnu::always_inline]] static inline
constexpr bool kCanSwitchOff = true;
#else
#define HOT [[gnu::always_inline]] inline
constexpr bool kCanSwitchOff = false;
#endif

struct DispatchTable;
using Handler = void (*)(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top, uint64_t free,
                         const DispatchTable* table);
struct DispatchTable {
    Handler by_byte[256];
};
struct Visitors {
    DispatchTable plain, careful;
};
// dispatch.cpp is compiled twice: as the product, and so that the visitors ask what is switched off (hot.hpp). Each
// has a table for the processor's baseline and one in which some visitors are better (code/cpu.hpp).
extern const Visitors PRODUCT_VISITORS[2], ABLATION_VISITORS[2];

// x86_64/preserve.S
extern "C" {
// Calls function(c, a, b) and preserves every general register but the result's.
uint64_t linocut_call_preserving(FunctionCompiler& c, uint64_t a, uint64_t b,
                                 uint64_t (*function)(FunctionCompiler&, uint64_t, uint64_t));
// Calls `first` with the other arguments and preserves the callee-saved registers, which visitors do not.
void linocut_enter_visitors(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top, uint64_t free,
                            const DispatchTable* table, Handler first);
}

struct HotState : State {
    FunctionCompiler& c;
    Handler next = nullptr;  // what goes on with this opcode, instead of the next opcode's handler

    [[gnu::always_inline]] HotState(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top,
                                    uint64_t free)
        : State{pc, out, top, free}, c(c) {}

    [[gnu::always_inline]] void park() const { c.state = State{pc, out, top, free}; }

    // Calls what is seldom needed, with the state in memory. No register of the caller's is disturbed, and
    // the state's address never escapes: so a visitor's common half needs no stack frame. `Function` must be
    // compiled elsewhere: here it would not preserve the callee-saved registers.
    template <auto Function>
    [[gnu::always_inline]] uint64_t call_rare(uint64_t a = 0, uint64_t b = 0) {
        park();
        const uint64_t result = call_preserving(Function, c, a, b);
        pc = c.state.pc;
        out = c.state.out;
        top = c.state.top;
        free = c.state.free;
        return result;
    }
};

// With free choices off: the result that was just pushed, or each of its lanes, becomes the canonical NaN if it is one.
namespace rare {
uint64_t canonicalise(FunctionCompiler& c, uint64_t lane, uint64_t);
}

// The two kinds of visitor: with the state in registers, or parked. One that returns false ends the function. `Nan` is
// what the result may be a NaN of.
template <auto Visit, ValType Nan = ValType::None>
VISITOR void handler(FunctionCompiler& c, const uint8_t* pc, uint8_t* out, Operand* top, uint64_t free,
                     const DispatchTable* table) {
    if constexpr (std::is_invocable_v<decltype(Visit), HotState&>) {
        HotState s(c, pc, out, top, free);
        Visit(s);
        if constexpr (kCanSwitchOff && Nan != ValType::None)
            if (c.is_off(Switch::FreeChoices)) s.call_rare<rare::canonicalise>(static_cast<uint64_t>(Nan));
        if (s.next) return s.next(c, s.pc, s.out, s.top, s.free, table);
        return table->by_byte[*s.pc](c, s.pc + 1, s.out, s.top, s.free, table);
    } else {
        c.state = State{pc, out, top, free};
        if constexpr (std::is_same_v<bool, std::invoke_result_t<decltype(Visit), FunctionCompiler&>>) {
            if (!Visit(c)) return;
        } else {
            Visit(c);
        }
        if constexpr (kCanSwitchOff && Nan != ValType::None)
            if (c.is_off(Switch::FreeChoices)) rare::canonicalise(c, static_cast<uint64_t>(Nan), 0);
        const State s = c.state;
        return table->by_byte[*s.pc](c, s.pc + 1, s.out, s.top, s.free, table);
    }
}

// What the careful dispatch does before an opcode (visit_cold.cpp).
void prepare_carefully(FunctionCompiler& c);

}  // namespace linocut
