// The jump through a table of sites.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

// Jumps through the table that follows; an index of `count` or more takes the site that is returned, which is not in
// the table. The index is in a register that may change. All sites must be led somewhere.
Site jump_through_table(FunctionCompiler& c, Register index, uint32_t count, JumpTable& table);

// At the function's end, when all sites have been led: entries become distances from the table.
void complete_tables(FunctionCompiler& c);

}  // namespace linocut
