// Names for machine code: what an instruction, and a run of them, was copied from, and what that was made from.
// For listings.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace linocut {

struct FormName {
    const char* form;
    const char* opcode;  // whose form it is; empty: any visitor may use it
    const char* text;    // its assembly template
};

// All forms that the instruction could be, in the order of the table: several opcodes may share an encoding.
std::vector<FormName> forms_of(std::span<const uint8_t> instruction);

// A form as it is copied, before displacement and immediate.
struct FormCode {
    FormName name;
    std::vector<uint8_t> head;  // with its operands in register 1 and those that follow
    std::vector<std::vector<uint8_t>>
        operands;  // by operand and byte of `head`: the bits that say which register
};

std::vector<FormCode> all_forms();

// An opcode compiled from its row's C body.
struct StencilCode {
    struct Hole {
        const char* kind;
        uint8_t offset;  // of 4 bytes
        uint8_t value;   // a trap's number, a constant's offset
    };
    const char* name;
    const char* opcode;
    const char* source;  // the C function
    std::span<const uint8_t> code, constants;
    std::vector<Hole> holes;
};

std::vector<StencilCode> all_stencils();

}  // namespace linocut
