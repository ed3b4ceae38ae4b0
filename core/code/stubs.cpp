#include "code/stubs.hpp"

#include <algorithm>

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
    std::copy_n(linocut_trap_stubs, LC_NEAR_TRAPS, context.traps);
    std::copy_n(linocut_trap_stubs + LC_NEAR_TRAPS, LC_TRAP_STUBS - LC_NEAR_TRAPS, context.far_traps);
}

void* trap_stub(uint32_t trap) { return linocut_trap_stubs[trap]; }

}  // namespace linocut
