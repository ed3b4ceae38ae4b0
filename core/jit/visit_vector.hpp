// Rows that calculate with v128. One function per shape, which reads what the shape says: they are many, and seldom
// as frequent as scalar ones, so that none is compiled for each row.
#pragma once

#include <span>

#include "jit/arch/shapes.hpp"
#include "jit/function_compiler.hpp"

namespace linocut {

// [number]: whether the opcode of that number behind the prefix of vectors takes a v128.load as its memory operand.
extern const std::span<const bool> FOLDS_VECTOR_LOAD;

void visit_v128_const(FunctionCompiler& c);

void shuffle(FunctionCompiler& c);
void calculate(FunctionCompiler& c, const VectorBinary& shape);
void calculate(FunctionCompiler& c, const VectorUnary& shape);
void calculate(FunctionCompiler& c, const VectorShift& shape);
void calculate(FunctionCompiler& c, const VectorFused& shape);
void extract_lane(FunctionCompiler& c, const ExtractLane& shape);
void replace_lane(FunctionCompiler& c, const ReplaceLane& shape);
void load(FunctionCompiler& c, const VectorLoad& shape);
void store(FunctionCompiler& c, const VectorStore& shape);
void load_splat(FunctionCompiler& c, unsigned bytes_log2);
void load_lane(FunctionCompiler& c, unsigned bytes_log2);
void store_lane(FunctionCompiler& c, unsigned bytes_log2);

template <const VectorBinary& F>
void visit_vector_binary(FunctionCompiler& c) {
    calculate(c, F);
}
template <const VectorUnary& F>
void visit_vector_unary(FunctionCompiler& c) {
    calculate(c, F);
}
template <const VectorShift& F>
void visit_vector_shift(FunctionCompiler& c) {
    calculate(c, F);
}
template <const VectorFused& F>
void visit_vector_fused(FunctionCompiler& c) {
    calculate(c, F);
}
template <const ExtractLane& F>
void visit_extract_lane(FunctionCompiler& c) {
    extract_lane(c, F);
}
template <const ReplaceLane& F>
void visit_replace_lane(FunctionCompiler& c) {
    replace_lane(c, F);
}
template <const Shuffle&>
void visit_shuffle(FunctionCompiler& c) {
    shuffle(c);
}
template <const VectorLoad& F>
void visit_vector_load(FunctionCompiler& c) {
    load(c, F);
}
template <const VectorStore& F>
void visit_vector_store(FunctionCompiler& c) {
    store(c, F);
}
template <const LoadSplat& F>
void visit_load_splat(FunctionCompiler& c) {
    load_splat(c, F.bytes_log2);
}
template <const LoadLane& F>
void visit_load_lane(FunctionCompiler& c) {
    load_lane(c, F.bytes_log2);
}
template <const StoreLane& F>
void visit_store_lane(FunctionCompiler& c) {
    store_lane(c, F.bytes_log2);
}

}  // namespace linocut
