// The compiler's product: machine code in code memory and the table that finds its way around in it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "code/code_memory.hpp"
#include "code/context_layout.hpp"
#include "code/handler_table.hpp"

namespace linocut {

// One function: where it is, and what a frame walk needs to know. Offsets are from the code's base.
struct FunctionCode {
    uint32_t start;         // first byte that belongs to it
    uint32_t entry;         // where calls go: first byte of the prologue
    uint32_t body;          // first byte after the prologue (== entry + its length, unless it is out of line)
    uint32_t end;           // one past the last byte
    uint32_t frame_bytes;   // from the stack pointer in the body up to the pushed registers
    uint32_t pushed_bytes;  // of those, up to the return address
    uint64_t saved;         // all registers that it saves: bit n = register n
    std::unique_ptr<const HandlerTable> handlers;  // or null: it has no try
};

struct Code {
    CodeRegion region;                    // owns the machine code
    std::vector<FunctionCode> functions;  // by defined function; entries ascend
    ContextLayout layout;

    const uint8_t* entry(uint32_t defined) const { return region.base() + functions[defined].entry; }
};

}  // namespace linocut
