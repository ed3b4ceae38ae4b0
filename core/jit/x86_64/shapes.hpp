// Shapes: what groups an opcode's forms, by how its operands may arrive, with the facts that its visitor asks.
// The field order is that of SHAPE_FIELDS in stencilgen/tables.py.
#pragma once

#include <cstdint>

#include "jit/arch/condition.hpp"
#include "jit/arch/form.hpp"
#include "wasm/types.hpp"

namespace linocut {

enum class BinaryKind : uint8_t { Other, Add, Subtract, And, Multiply };

struct Binary {
    ValType operand, result;
    bool commutative = false;
    bool sets_zero_flag = false;
    BinaryKind kind = BinaryKind::Other;
    Form<2, false> rr{};
    Form<1, false> ri8{}, ri32{};
    Form<2, false> rri8{}, rri32{};
    Form<1, true> rc{};  // a literal behind the function
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

}  // namespace linocut
