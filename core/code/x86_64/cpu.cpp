#include "code/cpu.hpp"

#include <cstdint>
#include <cstdlib>

#include <cpuid.h>

#include "code/stubs.hpp"

namespace {

uint64_t xsave_bytes() {
    unsigned a, b, c, d;
    constexpr unsigned kOsXsave = 1u << 27;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & kOsXsave)) return 0;
    __cpuid_count(0xD, 0, a, b, c, d);
    return b;  // for the components that the system has enabled
}

}  // namespace

// Read by the safepoint; 0: the processor has no xsave.
extern "C" LINOCUT_HIDDEN uint64_t linocut_xsave_bytes;
uint64_t linocut_xsave_bytes = xsave_bytes();

namespace linocut {

// x86-64-v2, which every one has since about 2009 (stencilgen/targets/x86_64/compiling.py).
const char* missing_instruction_set() {
    if (!__builtin_cpu_supports("sse4.1")) return "SSE4.1";
    if (!__builtin_cpu_supports("popcnt")) return "POPCNT";
    return nullptr;
}

// AVX2, FMA, BMI and LZCNT: x86-64-v3 as far as machine code of ours asks for it, most processors since 2013.
bool has_better_instructions() {
    static const bool found = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                              __builtin_cpu_supports("bmi") && __builtin_cpu_supports("lzcnt") &&
                              !std::getenv("LINOCUT_BASELINE");
    return found;
}

}  // namespace linocut
