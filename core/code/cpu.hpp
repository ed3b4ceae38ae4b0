// What the stencils ask of the processor (stencilgen/x86_64.py): x86-64-v2, every one since about 2009.
#pragma once

namespace linocut {

// The first instruction set that is missing, or null.
const char* missing_instruction_set();

}  // namespace linocut
