#include "wasm/const_expr_reader.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "base/errors.hpp"
#include "wasm/declared.hpp"
#include "wasm/features.hpp"
#include "wasm/index_space.hpp"
#include "wasm/opcode.hpp"
#include "wasm/type_reader.hpp"
#include "wasm/value_class.hpp"

namespace linocut {
namespace {

// Its row of the table; an opcode that is not supported is refused.
const OpcodeFacts& read_opcode(Reader& reader) {
    const size_t offset = reader.offset();
    const uint8_t byte = reader.u8();
    const uint32_t number = is_prefix(byte) ? reader.u32() : 0;
    const OpcodeFacts* facts = facts_of(byte, number);
    if (!facts || !facts->is_supported) throw unknown_opcode(byte, number, offset);
    return *facts;
}

[[noreturn]] void fail_not_constant(const OpcodeFacts& facts, size_t offset) {
    throw InvalidError("constant expression required: " + std::string(facts.name) + " is not constant",
                       offset);
}

// The topmost few: a hostile expression leaves millions.
std::string list_of(std::span<const ValType> stack) {
    constexpr size_t kMost = 8;
    const size_t hidden = stack.size() > kMost ? stack.size() - kMost : 0;
    std::string text = hidden ? "[…" : "[";
    for (size_t i = hidden; i < stack.size(); i++)
        text += (text.size() > 1 ? " " : "") + std::string(name_of(stack[i]));
    return text + "]";
}

}  // namespace

ConstExpr ConstExprReader::read(ValType expected) {
    if (ConstOp operation; expected == ValType::I32 && read_i32_const(operation)) return ConstExpr(operation);
    return read_any(expected);
}

// `i32.const N end`, the offset of nearly every segment. False for anything else: nothing is read then.
bool ConstExprReader::read_i32_const(ConstOp& operation) {
    constexpr auto i32_const = static_cast<uint8_t>(Opcode::op_i32_const);
    constexpr auto end = static_cast<uint8_t>(Opcode::op_end);
    if (reader_.peek() != i32_const) return false;
    const Reader before = reader_;
    reader_.u8();
    operation = {i32_const, static_cast<uint32_t>(reader_.s32())};
    if (reader_.peek() == end) {
        reader_.u8();
        return true;
    }
    reader_ = before;
    return false;
}

ConstExpr ConstExprReader::read_any(ValType expected) {
    const size_t start = reader_.offset();
    operations_.clear();
    stack_.clear();
    for (;;) {
        const size_t offset = reader_.offset();
        const OpcodeFacts& row = read_opcode(reader_);
        if (row.code == Opcode::op_end) break;
        operations_.push_back(read_operation(row, offset));
    }
    if (stack_.size() != 1 || !matches(stack_[0], expected))
        throw InvalidError("type mismatch: constant expression leaves " + list_of(stack_) + ", expected [" +
                               name_of(expected) + "]",
                           start);
    return ConstExpr(operations_);
}

ConstOp ConstExprReader::read_operation(const OpcodeFacts& row, size_t offset) {
    const auto code = static_cast<uint32_t>(row.code);
    const auto push = [this, code](ValType type, uint64_t immediate) {
        stack_.push_back(type);
        return ConstOp{code, immediate};
    };
    if (!row.is_constant) fail_not_constant(row, offset);
    if (row.is_plain) {
        apply(row, offset);
        return {code, 0};
    }
    switch (row.code) {
    case Opcode::op_i32_const: return push(ValType::I32, static_cast<uint32_t>(reader_.s32()));
    case Opcode::op_i64_const: return push(ValType::I64, static_cast<uint64_t>(reader_.s64()));
    case Opcode::op_f32_const: return push(ValType::F32, reader_.f32_bits());
    case Opcode::op_f64_const: return push(ValType::F64, reader_.f64_bits());
    case Opcode::op_v128_const: return push(ValType::V128, read_vector());
    case Opcode::op_ref_func: return push(ValType::FuncRef, read_function());
    case Opcode::op_ref_null: {
        const ValType type = read_heap_type(reader_);
        return push(type, static_cast<uint32_t>(type));
    }
    case Opcode::op_global_get: {
        const uint32_t index = read_global(offset);
        return push(module_.globals[index].type.value, index);
    }
    default: fail_not_constant(row, offset);
    }
}

// Where it is: it stays there as long as the module does.
size_t ConstExprReader::read_vector() {
    const size_t offset = reader_.offset();
    reader_.bytes(width_of(ValType::V128));
    return offset;
}

uint32_t ConstExprReader::read_global(size_t offset) {
    const uint32_t index = read_index(reader_, "global", module_.globals.size());
    if (module_.globals[index].type.is_mutable)
        throw InvalidError("constant expression required: global " + std::to_string(index) + " is mutable",
                           offset);
    return index;
}

uint32_t ConstExprReader::read_function() {
    const uint32_t index = read_index(reader_, "function", module_.functions.size());
    declare_function(module_, index);
    return index;
}

void ConstExprReader::apply(const OpcodeFacts& row, size_t offset) {
    const std::span<const ValType> params(row.params, row.param_count);
    const bool fits = stack_.size() >= params.size() &&
                      std::equal(params.rbegin(), params.rend(), stack_.rbegin(),
                                 [](ValType super, ValType sub) { return matches(sub, super); });
    if (!fits)
        throw InvalidError("type mismatch: operands are " + list_of(stack_) + ", expected " + list_of(params),
                           offset);
    stack_.resize(stack_.size() - params.size());
    stack_.push_back(row.result);
}

}  // namespace linocut
