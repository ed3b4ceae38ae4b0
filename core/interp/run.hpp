// A stretch of interpretation in one context: from a call by something else, or by a function of another
// instance, until that call is over.
#pragma once

#include <atomic>
#include <cstdint>

#include "code/activation.hpp"
#include "code/interpreted_code.hpp"
#include "wasm/trap_kind.hpp"

namespace linocut::interp {

struct Run {
    uint8_t* const context;  // its end
    const InterpretedCode& code;
    const LcMemory* const memory;  // memory 0, or null
    ThreadHead& thread;
    Activation& activation;  // on which all this runs …
    const uint64_t left_at;  // … and where its machine code has been left (Activation::leave_sp)
    const uint64_t stack_limit;
    InterpretedFrame* frame = nullptr;  // the innermost one
    uint32_t status = 0;                // not 0: all is being left, for the reason that linocut_exit returns

    // A run on top of the machine code of `activation`, for a call into that context.
    Run(uint8_t* context, Activation& activation, uint64_t left_at);

    bool must_pause() const { return thread.pending.load(std::memory_order_relaxed); }

    // Notes where it is, for backtraces; called before anything else runs.
    void leave(const Instruction* at) {
        frame->at = at;
        activation.leave(left_at, frame);
    }
    // These return whether execution goes on; if not, `status` is set.
    bool pause(const Instruction* at);
    bool fail(const Instruction* at, TrapKind kind);
    bool came_back(uint32_t with) {
        status = with;
        return with == 0;
    }

    // Calls: `values` are the arguments, then the results, each in as many words as it has.
    bool call(const InterpretedFunction& function, uint64_t* values);
    bool call(const LcFuncRef& function, const Signature& signature, uint64_t* values);

private:
    bool call_other_instance(const LcFuncRef& function, uint64_t* values);
    bool call_outside(const LcFuncRef& function, const Signature& signature, uint64_t* values);
};

}  // namespace linocut::interp
