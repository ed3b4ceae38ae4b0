// Rows that call helpers or touch the context: references, tables, bulk memory.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

void visit_ref_null(FunctionCompiler& c);
void visit_ref_is_null(FunctionCompiler& c);
void visit_ref_func(FunctionCompiler& c);
void visit_table_get(FunctionCompiler& c);
void visit_table_set(FunctionCompiler& c);
void visit_table_init(FunctionCompiler& c);
void visit_elem_drop(FunctionCompiler& c);
void visit_table_copy(FunctionCompiler& c);
void visit_table_grow(FunctionCompiler& c);
void visit_table_size(FunctionCompiler& c);
void visit_table_fill(FunctionCompiler& c);
void visit_memory_size(FunctionCompiler& c);
void visit_atomic_fence(FunctionCompiler& c);
void visit_memory_atomic_notify(FunctionCompiler& c);
void visit_memory_atomic_wait32(FunctionCompiler& c);
void visit_memory_atomic_wait64(FunctionCompiler& c);
void visit_memory_grow(FunctionCompiler& c);
void visit_memory_init(FunctionCompiler& c);
void visit_data_drop(FunctionCompiler& c);
void visit_memory_copy(FunctionCompiler& c);
void visit_memory_fill(FunctionCompiler& c);

}  // namespace linocut
