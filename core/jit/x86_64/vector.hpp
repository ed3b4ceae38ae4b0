// Instructions that work on v128.
#pragma once

#include "jit/arch/shapes.hpp"
#include "jit/function_compiler.hpp"

namespace linocut {

// ── calculations: d = a op b, d = op s ──
// d is not b's register unless it is a's, too, or the result goes anywhere.
bool goes_anywhere(const FunctionCompiler& c, const VectorBinary& shape, const Operand& a);
void compute(FunctionCompiler& c, const VectorBinary& shape, Register d, const Operand& a, Operand& b);
void convert(FunctionCompiler& c, const VectorUnary& shape, Register d, Register s);
void shift(FunctionCompiler& c, const VectorShift& shape, Register d, const Operand& a, Operand& count);

// d = a * b + d, or d - a * b
void fuse(FunctionCompiler& c, const VectorFused& shape, Register d, Register a, Register b);

// Every lane that is a NaN becomes the canonical one; lanes are floats of that type.
void canonicalise(FunctionCompiler& c, ValType lane, Register d);

// ── lanes ──
void extract(FunctionCompiler& c, const ExtractLane& shape, Register d, Register s, unsigned lane);
void replace(FunctionCompiler& c, const ReplaceLane& shape, Register d, const Operand& a, Register value,
             unsigned lane);

// ── memory 0 ──
void load_from(FunctionCompiler& c, const VectorLoad& shape, Register d, const Address& from);
void store_at(FunctionCompiler& c, const VectorStore& shape, Register s, const Address& to);
// All 16 bytes.
void load_vector(FunctionCompiler& c, Register d, const Address& from);
void store_vector(FunctionCompiler& c, Register s, const Address& to);

// ── one lane in memory, by its size: 1 << bytes_log2 ──
// How a lane on its way is typed.
ValType type_of_lane(unsigned bytes_log2);
const ExtractLane& lane_getter(unsigned bytes_log2);
const ReplaceLane& lane_setter(unsigned bytes_log2);
// To a register that is taken; the address is released.
Register load_scalar(FunctionCompiler& c, unsigned bytes_log2, const Address& from);
void store_scalar(FunctionCompiler& c, unsigned bytes_log2, Register s, const Address& to);
// The top operand becomes a v128 with that in every lane.
void splat(FunctionCompiler& c, unsigned bytes_log2);

}  // namespace linocut
