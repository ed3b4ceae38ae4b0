// The compiler's product: machine code in code memory and the table that finds its way around in it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "code/code_memory.hpp"
#include "code/context_layout.hpp"

namespace linocut {

// One function: where it is, and what a frame walk needs to know. Offsets are from the code's base.
struct FunctionCode {
    uint32_t start;        // first byte that belongs to it
    uint32_t entry;        // where calls go: first byte of the prologue
    uint32_t body;         // first byte after the prologue (== entry + its length, unless it is out of line)
    uint32_t end;          // one past the last byte
    uint32_t frame_bytes;  // from the stack pointer in the body up to the saved registers
    uint32_t saved;        // callee-saved registers: bit n = general register n, pushed in ascending order
                           // of n just below the return address; bit 16+n = xmm n, saved at
                           // the stack pointer + vector_save (8 bytes each, ascending)
    uint32_t vector_save;
};

struct Code {
    CodeRegion region;                    // owns the machine code
    std::vector<FunctionCode> functions;  // by defined function; entries ascend
    ContextLayout layout;

    const uint8_t* entry(uint32_t defined) const { return region.base() + functions[defined].entry; }
};

}  // namespace linocut
