// Calls through function references: their target's checks, and the call itself.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

// The table's element into the scratch register. Reading the type of a null reference faults: that is the trap for
// an uninitialized element (core/runtime/signals). Past the check, `clamped` becomes the index or, where a processor
// goes on speculatively with an index that is out of bounds, 0.
void load_table_element(FunctionCompiler& c, Register index, Register clamped, uint32_t table,
                        uint32_t module_offset);

// Traps unless the function in the scratch register is of that type. `spare` changes.
void check_function_type(FunctionCompiler& c, uint32_t type_index, Register spare, uint32_t module_offset);

// Calls the function in the scratch register if it belongs to this context. Else the jump whose site is returned is
// taken.
Site call_in_own_context(FunctionCompiler& c);

}  // namespace linocut
