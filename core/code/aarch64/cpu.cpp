#include "code/cpu.hpp"

namespace linocut {

// Armv8.0 suffices: the interpreter is C++.
const char* missing_instruction_set() { return nullptr; }
bool has_better_instructions() { return false; }

}  // namespace linocut
