// What the interpreter runs, as far as others must know it; interp/ makes and runs it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "code/activation.hpp"
#include "code/handler_table.hpp"
#include "code/signature.hpp"
#include "context.h"

namespace linocut {

namespace interp {
struct Run;
}

// Carries out one instruction; see interp/handler.hpp.
using Handler = const Instruction* (*)(const Instruction* at, uint64_t* frame, const LcMemory* memory,
                                       interp::Run& run);

// An instruction in the form in which it is run: what it does and where its operands are. A word is a slot
// of the frame (locals first, then the operand stack) unless the handler says otherwise.
struct Instruction {
    Handler handler;
    uint32_t result = 0;  // where the result goes; of a branch: the distance to its target in instructions
    uint32_t a = 0;
    union {
        struct {
            uint32_t b, c;
        };
        uint64_t immediate = 0;
        const InterpretedFunction* function;
    };
};
static_assert(sizeof(Instruction) == 24);

struct InterpretedFunction {
    std::vector<Instruction> code;
    uint32_t params = 0;  // these in words
    uint32_t locals = 0;  // parameters included
    uint32_t results = 0;
    uint32_t slots = 0;    // of the frame
    uint32_t defined = 0;  // index among the module's defined functions
    const Signature* signature = nullptr;
    std::unique_ptr<const HandlerTable> handlers;  // or null: it has no try
};

struct InterpretedCode {
    std::vector<InterpretedFunction> functions;  // by defined function
    std::vector<const Signature*> signatures;    // by type index
    uint32_t imported_functions = 0;
    bool is_deterministic = false;  // NaNs are canonical, relaxed rows do what that profile says
};

}  // namespace linocut
