// Module → code for the interpreter.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "code/context_layout.hpp"
#include "code/interpreted_code.hpp"
#include "wasm/module.hpp"

namespace linocut::interp {

// Translates every body. They must be valid. `type_ids`: by type index, held as long as the code lives.
std::unique_ptr<const InterpretedCode> translate(const Module& module, const ContextLayout& layout,
                                                 std::span<const uint32_t> type_ids, bool is_deterministic);

// The module offset of the opcode that an instruction of a function came from. Translates the function again.
uint32_t offset_of_instruction(const Module& module, const ContextLayout& layout, const InterpretedCode& code,
                               uint32_t defined, uint32_t instruction);

}  // namespace linocut::interp
