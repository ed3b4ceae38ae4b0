// The call of a hot visitor's rare half.
#pragma once

#include <cstdint>

namespace linocut {

struct FunctionCompiler;
using RareFunction = uint64_t (*)(FunctionCompiler&, uint64_t, uint64_t);

// Disturbs no register of the caller's but that of the result. As assembly, because no calling convention of the
// compiler's says what it preserves. This folder is compiled without a red zone, which the call would overwrite.
[[gnu::always_inline]] inline uint64_t call_preserving(RareFunction function, FunctionCompiler& c, uint64_t a,
                                                       uint64_t b) {
    uint64_t result;
    __asm__ volatile("call linocut_call_preserving"
                     : "=a"(result)
                     : "D"(&c), "S"(a), "d"(b), "c"(function)
                     : "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                       "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    return result;
}

}  // namespace linocut
