// The jump through a table of sites, which follows it.
#pragma once

#include "jit/function_compiler.hpp"

namespace linocut {

constexpr size_t kTableEntryBytes = 4;
inline Site table_entry(uint8_t* table, size_t index) { return Site(table + kTableEntryBytes * index); }

// Every greater index takes entry `last`. The index is in a register that may change.
void jump_through_table(FunctionCompiler& c, Register index, uint32_t last);

}  // namespace linocut
