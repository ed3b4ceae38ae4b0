// Names for machine code: what an instruction, and a run of them, was copied from. For listings.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace linocut {

struct FormName {
    const char* form;
    const char* opcode;  // whose form it is; empty: any visitor may use it
};

// All forms that the instruction could be, in the order of the table: several opcodes may share an encoding.
std::vector<FormName> forms_of(std::span<const uint8_t> instruction);

// The code of an opcode compiled from its row's C body; `holes` are the offsets of its 4-byte fields.
struct StencilCode {
    std::span<const uint8_t> code;  // empty: the opcode has no stencil
    std::vector<uint8_t> holes;
};

StencilCode stencil_of(std::string_view opcode);

}  // namespace linocut
