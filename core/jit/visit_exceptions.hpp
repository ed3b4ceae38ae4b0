// Exceptions, of both forms: a try is nothing but a line of the function's handler table (code/handler_table.hpp).
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

void visit_throw(FunctionCompiler& c);
void visit_throw_ref(FunctionCompiler& c);
void visit_try_table(FunctionCompiler& c);

// The legacy form.
void visit_try(FunctionCompiler& c);
void visit_catch(FunctionCompiler& c);
void visit_catch_all(FunctionCompiler& c);
void visit_delegate(FunctionCompiler& c);
void visit_rethrow(FunctionCompiler& c);

}  // namespace linocut
