// What `linocut inspect` shows of a function: its machine code and where each stretch of it comes from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "code/context_slots.hpp"
#include "jit/form_names.hpp"
#include "runtime/loaded_module.hpp"

namespace linocut {

// Offsets into code are from the code's base, so that they do not depend on where the module was loaded.
struct Listing {
    struct Origin {
        uint32_t code_offset;
        uint32_t module_offset;  // of the opcode
    };
    std::span<const uint8_t> bytes;  // valid while the module is
    uint32_t code_offset;            // of the first byte
    uint32_t entry;                  // the prologue's first byte; after the body when it is out of line
    uint32_t body;                   // the first byte of what comes from opcodes
    uint32_t module_offset;          // of the body in the module
    uint32_t wasm_bytes;             // of the body
    uint32_t frame_bytes;
    uint64_t saved;               // registers, as in FunctionCode
    std::vector<Origin> origins;  // by ascending code_offset
};

// The listing of the defined function with that number; not for an interpreted module. Compiles the function
// again to find its origins; the rest is looked up.
Listing listing(const LoadedModule& loaded, uint32_t defined);

// Bytes of code of the defined function: machine code, or the interpreter's instructions.
uint32_t code_bytes(const LoadedModule& loaded, uint32_t defined);

// The defined function whose entry is there, or -1.
int64_t function_at(const LoadedModule& loaded, uint32_t code_offset);

}  // namespace linocut
