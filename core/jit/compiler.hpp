// Module → Code in one pass: the validator drives the emitter.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "code/code.hpp"
#include "code/switches.hpp"
#include "wasm/module.hpp"

namespace linocut {

// Whether anything compiles for this processor. Where nothing does, only validate() works (and is a different
// function); all else here and in form_names.hpp throws NoCompiler (base/errors.hpp).
bool has_compiler();

struct CompileOptions {
    unsigned threads = 1;          // 0 = as many as the machine has; the code does not depend on it
    bool explicit_bounds = false;  // check every access instead of relying on guard regions
    uint64_t guard_bytes = 0;      // inaccessible behind every memory: what such a check need not look at
    SwitchSet without = {};        // what is switched off
};

// Compiles and validates every body. Throws InvalidError or MalformedError (base/errors.hpp).
// The code is not yet executable: CodeRegion::protect() is the caller's.
Code compile(const Module& module, const CompileOptions& options = {});

// Refuses what compile() refuses, in the same words. Makes code only for a module that could have too much of it.
void validate(const Module& module);

// A place in machine code and the instruction it came from.
struct Position {
    uint32_t code_offset;    // from the code's base
    uint32_t module_offset;  // of the opcode's first byte, in the module
    uint16_t opcode;
    uint32_t call_offset = 0;  // of the call whose callee's body stands in its place, else 0
};

// Compiles one function again with recording on: positions in ascending order of code_offset.
std::vector<Position> record_positions(const Module& module, const Code& code, uint32_t defined,
                                       const CompileOptions& options = {});

}  // namespace linocut
