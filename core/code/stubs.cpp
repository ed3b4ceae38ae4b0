#include "code/stubs.hpp"

extern "C" {
extern const uint64_t linocut_context_bytes = sizeof(LcContext);
LINOCUT_HIDDEN extern void* const linocut_trap_stubs[LC_TRAP_STUBS];
}

#define X(name) extern "C" LINOCUT_HIDDEN void linocut_helper_stub_##name();
LC_HELPERS(X)
#undef X

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
