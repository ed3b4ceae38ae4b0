// The opcode table in C++: made from linocut_isa by stencilgen.
#pragma once

#include <cstdint>

#include "wasm/types.hpp"

namespace linocut {

// What follows an opcode (linocut_isa/types.py).
enum class Imm : uint8_t {
    None,
    Block,
    Label,
    Labels,
    Func,
    TypeTable,
    Types,
    Local,
    Global,
    Table,
    ElemTable,
    Elem,
    TableTable,
    MemArg,
    Memory,
    DataMemory,
    Data,
    MemoryMemory,
    RefType,
    I32,
    I64,
    F32,
    F64,
};

enum class Opcode : uint16_t;

struct OpcodeFacts {
    Opcode code;  // prefix << 8 | number, or the byte
    const char* name;
    Imm immediate;
    bool is_plain;     // the types below say all that validation needs
    bool is_constant;  // allowed in constant expressions
    uint8_t param_count;
    ValType params[3];
    ValType result;
    uint8_t align;
};

#include "opcodes.inc"
#include "traps.inc"

// The facts of an opcode, or null when there is no such opcode.
const OpcodeFacts* facts_of(uint16_t code);

}  // namespace linocut
