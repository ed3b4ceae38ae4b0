#include "runtime/constant.hpp"

#include <vector>

#include "runtime/instance.hpp"
#include "wasm/opcode.hpp"

namespace linocut {

namespace {

// Of the operations with two operands; false for any other.
bool calculate(Opcode opcode, uint64_t a, uint64_t b, uint64_t& result) {
    switch (opcode) {
    case Opcode::op_i32_add: result = static_cast<uint32_t>(a + b); return true;
    case Opcode::op_i32_sub: result = static_cast<uint32_t>(a - b); return true;
    case Opcode::op_i32_mul: result = static_cast<uint32_t>(a * b); return true;
    case Opcode::op_i64_add: result = a + b; return true;
    case Opcode::op_i64_sub: result = a - b; return true;
    case Opcode::op_i64_mul: result = a * b; return true;
    default: return false;
    }
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
        uint64_t result = 0;
        const size_t depth = stack.size();
        if (depth >= 2 && calculate(Opcode{op.opcode}, stack[depth - 2], stack[depth - 1], result)) {
            stack.pop_back();
            stack.back() = result;
        } else {
            stack.push_back(load(op, instance));
        }
    }
    return stack.back();
}

}  // namespace linocut
