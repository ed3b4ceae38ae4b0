// What stencilgen writes and the compiler copies: forms, and the shapes that group an opcode's forms.
// The field order is that of SHAPE_FIELDS in stencilgen/tables.py.
#pragma once

#include <cstdint>

#include "wasm/types.hpp"

namespace linocut {

// One instruction with holes: [prefix] head [displacement] [immediate]. The head's low byte is the REX
// slot: a zero there is dropped. Registers are or-ed in from REGISTER_MASKS (stencilgen/forms.py).
// How many registers it takes and whether it has a displacement is its type, so that no emission can get it wrong.
template <unsigned Operands, bool Displaced>
struct Form {
    uint64_t head = 0;
    uint8_t prefix = 0;
    uint8_t length = 0;            // of the head, REX slot included; 0 = the opcode has no such form
    uint8_t modrm = 0;             // index of the ModRM byte
    bool can_omit = false;         // a zero displacement may be left out
    uint8_t masks[3] = {0, 0, 0};  // rows of REGISTER_MASKS, by operand
    constexpr bool exists() const { return length != 0; }
};

// x86 condition codes: a pair differs in the lowest bit.
enum class Condition : uint8_t {
    Below = 2,
    AboveEqual = 3,
    Equal = 4,
    NotEqual = 5,
    BelowEqual = 6,
    Above = 7,
    Parity = 10,
    NoParity = 11,
    Less = 12,
    GreaterEqual = 13,
    LessEqual = 14,
    Greater = 15,
};

enum class BinaryKind : uint8_t { Other, Add, Subtract, And, Multiply };

struct Binary {
    ValType operand, result;
    bool commutative = false;
    bool sets_zero_flag = false;
    BinaryKind kind = BinaryKind::Other;
    Form<2, false> rr{};
    Form<1, false> ri8{}, ri32{};
    Form<2, false> rri8{}, rri32{};
    Form<1, true> rc{};  // a constant behind the function
    Form<1, true> rs{};
    Form<2, true> rm{};
};

struct Shift {
    ValType operand, result;
    Form<1, false> by_rcx{}, by_imm{};
};

struct Compare {
    ValType operand, result;
    Condition condition;
    Form<2, false> rr{};
    Form<1, false> ri8{}, ri32{};
    Form<1, true> rs{};
    Form<2, true> rm{};
    Form<0, true> si8{}, si32{};
    Form<2, false> test{};
};

struct Test {
    ValType operand, result;
};

struct FloatCompare {
    ValType operand, result;
    Condition condition;
    bool swapped;
    Form<2, false> rr{};
    Form<1, true> rc{}, rs{};
    Form<2, true> rm{};
};

struct Unary {
    ValType operand, result;
    bool clears_first = false;  // break the dependency on the destination's old value
    bool keeps_bits = false;    // nothing to do: an i32 is zero-extended already
    Form<2, false> rr{};
    Form<1, true> rs{};
};

struct Load {
    ValType result;
    uint8_t bytes_log2;
    bool folds = false;  // may become the memory operand of the arithmetic that follows
    Form<2, true> indexed{};
    Form<1, true> absolute{};
    Form<1, false> pointed{};  // through the scratch register
};

struct Store {
    ValType operand;
    uint8_t bytes_log2;
    uint8_t immediate_bytes = 0;
    Form<2, true> indexed{};
    Form<1, true> absolute{}, indexed_imm{};
    Form<0, true> absolute_imm{};
    Form<1, false> pointed{};
    Form<0, false> pointed_imm{};
};

enum class HoleKind : uint8_t { Trap, Constant };

struct Hole {
    HoleKind kind;
    uint8_t offset;
    uint8_t value;
};

// A row compiled from its C body: operands in rax, rcx, rdx and xmm0..2, the result in rax or xmm0.
struct Fixed {
    const char* name;
    uint8_t param_count;
    ValType params[3];
    ValType result;
    uint8_t code_length, hole_count, constant_length;
    uint32_t clobbers;  // bit n = general register n, bit 16+n = xmm n
    const uint8_t* code;
    const uint8_t* constants;
    const Hole* holes;
    const Fixed* unchecked = nullptr;  // a division whose faults are traps (Switch::DivisionChecks)
};

}  // namespace linocut
