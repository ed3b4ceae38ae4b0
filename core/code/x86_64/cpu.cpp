#include "code/cpu.hpp"

namespace linocut {

const char* missing_instruction_set() {
    if (!__builtin_cpu_supports("sse4.1")) return "SSE4.1";
    if (!__builtin_cpu_supports("popcnt")) return "POPCNT";
    return nullptr;
}

}  // namespace linocut
