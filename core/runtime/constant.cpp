#include "runtime/constant.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "runtime/instance.hpp"
#include "stencil.h"
#include "wasm/opcode.hpp"

namespace linocut {

namespace {

// A row of the opcode table that is allowed in constant expressions: its body, over the operands' bits.
struct ConstantRow {
    Opcode opcode;
    uint8_t operands;
    uint64_t (*calculate)(const uint64_t* operands);
};

#include "constants.inc"

const ConstantRow* row_of(uint32_t code) {
    for (const ConstantRow& row : CONSTANT_ROWS)
        if (static_cast<uint32_t>(row.opcode) == code) return &row;
    return nullptr;
}

Wide one_word(uint64_t bits) { return {{bits, 0}}; }

Wide value_of(const Global& global) {
    Wide value{};
    std::copy_n(global.cell, words_of(global.type.value), value.words);
    return value;
}

Wide vector_at(uint64_t offset, const Module& module) {
    Wide value;
    std::memcpy(value.words, module.bytes.data() + offset, sizeof value);
    return value;
}

// Of an operation that takes no operands.
Wide load(const ConstOp& op, const Instance& instance) {
    const auto index = static_cast<uint32_t>(op.immediate);
    switch (Opcode{op.opcode}) {
    case Opcode::op_global_get: return value_of(*instance.global(index));
    case Opcode::op_ref_func: return one_word(reinterpret_cast<uint64_t>(instance.function(index)));
    case Opcode::op_ref_null: return {};
    case Opcode::op_v128_const: return vector_at(op.immediate, instance.module());
    default: return one_word(op.immediate);
    }
}

}  // namespace

// No operation of several takes or gives more than a word.
Wide evaluate_constant(const ConstExpr& expression, const Instance& instance) {
    if (expression.size() == 1) return load(expression[0], instance);
    std::vector<uint64_t> stack;
    for (const ConstOp& op : expression) {
        const ConstantRow* row = row_of(op.opcode);
        if (!row) {
            stack.push_back(load(op, instance).words[0]);
            continue;
        }
        const size_t below = stack.size() - row->operands;
        const uint64_t result = row->calculate(stack.data() + below);
        stack.resize(below);
        stack.push_back(result);
    }
    return one_word(stack.back());
}

}  // namespace linocut
