#include "runtime/constant.hpp"

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

// Of an operation that takes no operands.
uint64_t load(const ConstOp& op, const Instance& instance) {
    const auto index = static_cast<uint32_t>(op.immediate);
    switch (Opcode{op.opcode}) {
    case Opcode::op_global_get: return *instance.global(index)->cell;
    case Opcode::op_ref_func: return reinterpret_cast<uint64_t>(instance.function(index));
    case Opcode::op_ref_null: return 0;
    default: return op.immediate;
    }
}

}  // namespace

uint64_t evaluate_constant(const ConstExpr& expression, const Instance& instance) {
    if (expression.size() == 1) return load(expression[0], instance);
    std::vector<uint64_t> stack;
    for (const ConstOp& op : expression) {
        const ConstantRow* row = row_of(op.opcode);
        if (!row) {
            stack.push_back(load(op, instance));
            continue;
        }
        const size_t below = stack.size() - row->operands;
        const uint64_t result = row->calculate(stack.data() + below);
        stack.resize(below);
        stack.push_back(result);
    }
    return stack.back();
}

}  // namespace linocut
