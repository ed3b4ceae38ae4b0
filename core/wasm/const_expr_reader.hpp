// Reads and validates constant expressions (§3.3).
#pragma once

#include <vector>

#include "base/leb128.hpp"
#include "wasm/module.hpp"

namespace linocut {

struct OpcodeFacts;

// One reader for many expressions, which share its working storage.
// The opcode table says what is allowed. Beyond 2.0: global.get of any immutable global before (3.0).
class ConstExprReader {
public:
    // The globals that an expression may name are those in `module` when it is read.
    ConstExprReader(Reader& reader, Module& module) : reader_(reader), module_(module) {}

    // Reads up to and including `end`; there must be one value of type `expected`. Declares what ref.func names.
    ConstExpr read(ValType expected);

private:
    bool read_i32_const(ConstOp& operation);
    ConstExpr read_any(ValType expected);
    ConstOp read_operation(const OpcodeFacts& row, size_t offset);
    size_t read_vector();
    uint32_t read_global(size_t offset);
    uint32_t read_function();
    void apply(const OpcodeFacts& row, size_t offset);

    Reader& reader_;
    Module& module_;
    std::vector<ConstOp> operations_;
    std::vector<ValType> stack_;
};

}  // namespace linocut
