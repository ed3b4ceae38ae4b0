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
void visit_memory_grow(FunctionCompiler& c);
void visit_memory_init(FunctionCompiler& c);
void visit_data_drop(FunctionCompiler& c);
void visit_memory_copy(FunctionCompiler& c);
void visit_memory_fill(FunctionCompiler& c);

// Reading immediates that name something of the module, with the check that it exists; dead code reads
// them too (validator.cpp).
uint32_t read_table(FunctionCompiler& c);
uint32_t read_memory(FunctionCompiler& c);
uint32_t read_elem(FunctionCompiler& c);
uint32_t read_data(FunctionCompiler& c);
uint32_t read_declared_function(FunctionCompiler& c);
ValType read_heap_type(FunctionCompiler& c);
void check_elem_fits(FunctionCompiler& c, ValType source, ValType table, const uint8_t* at);

}  // namespace linocut
