#include "code/stubs.hpp"

#include <cpuid.h>

namespace {

uint64_t xsave_bytes() {
    unsigned a, b, c, d;
    constexpr unsigned kOsXsave = 1u << 27;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & kOsXsave)) return 0;
    __cpuid_count(0xD, 0, a, b, c, d);
    return b;  // for the components that the system has enabled
}

}  // namespace

extern "C" {
extern const uint64_t linocut_context_bytes = sizeof(LcContext);
uint64_t linocut_xsave_bytes = xsave_bytes();
LINOCUT_HIDDEN extern void* const linocut_trap_stubs[LC_TRAP_STUBS];
}

// One stub for each helper: its C function into r10, then the common part.
#define X(name)                           \
    asm(".text\n"                         \
        ".p2align 4\n"                    \
        ".hidden linocut_helper_" #name   \
        "\n"                              \
        "linocut_helper_stub_" #name      \
        ":\n"                             \
        "    leaq linocut_helper_" #name  \
        "(%rip), %r10\n"                  \
        "    jmp linocut_helper_stub\n"); \
    extern "C" void linocut_helper_stub_##name();
LC_HELPERS(X)
#undef X

static_assert(LC_TRAP_STUBS == 10, "stubs.S lists as many");

namespace linocut {

void set_stubs(LcContext& context) {
#define X(name) context.helpers[LC_HELPER_##name] = reinterpret_cast<void*>(linocut_helper_stub_##name);
    LC_HELPERS(X)
#undef X
    context.switch_context = reinterpret_cast<void*>(linocut_switch_context);
    for (uint32_t i = 0; i < LC_TRAP_STUBS; i++) context.traps[i] = linocut_trap_stubs[i];
}

void* trap_stub(uint32_t trap) { return linocut_trap_stubs[trap]; }

}  // namespace linocut
