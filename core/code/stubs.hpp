// The ways between C++ and machine code (PROCESSOR/stubs.S).
#pragma once

#include <cstdint>

#include "code/activation.hpp"
#include "code/handler_table.hpp"
#include "context.h"

namespace linocut {
struct UnwoundRegisters;  // code/arch/unwinding.hpp
}

#define LINOCUT_HIDDEN __attribute__((visibility("hidden")))

extern "C" {

// Calls `function` with registers loaded from frame[0..11] and stored back there
// (code/signature.hpp); `narrow`: the function takes nothing of class Vector, gives none, and at most one result.
// Returns 0, or the status with which something left through linocut_exit.
LINOCUT_HIDDEN uint32_t linocut_enter(linocut::Activation* activation, const LcFuncRef* function,
                                      uint64_t* frame, uint64_t narrow);
LINOCUT_HIDDEN void linocut_enter_return();  // where machine code returns to linocut_enter

// Leaves the current activation with a status, which is where C returns an integer; the context register holds a
// context of the store that runs.
LINOCUT_HIDDEN void linocut_exit();

// LcContext::switch_context, and where the callee returns to it. Above that return address it keeps
// kSwitchFrame bytes, then comes its own return address.
LINOCUT_HIDDEN void linocut_switch_context();
LINOCUT_HIDDEN void linocut_switch_return();

// The entries of every LcFuncRef of kind LC_FUNC_HOST and LC_FUNC_INTERPRETED.
LINOCUT_HIDDEN void linocut_host_stub();
LINOCUT_HIDDEN void linocut_interpreted_stub();

// Entered as if the return address on top of the stack were being returned to, with an exception.
LINOCUT_HIDDEN void linocut_unwind();

// Where a signal handler sends machine code, with the interrupted pc pushed.
LINOCUT_HIDDEN void linocut_safepoint();

// What the stubs call, supplied by runtime/ and interp/. `end`: the context register. `sp`: where the return
// address to the caller is. All return 0, or the status with which to leave.
LINOCUT_HIDDEN uint32_t linocut_on_trap(uint32_t trap, uint64_t sp, uint8_t* end) noexcept;
LINOCUT_HIDDEN uint32_t linocut_on_host_call(const LcFuncRef* function, uint64_t* frame, uint8_t* end,
                                             uint64_t sp) noexcept;
LINOCUT_HIDDEN uint32_t linocut_on_interpreted_call(const LcFuncRef* function, uint64_t* frame, uint8_t* end,
                                                    uint64_t sp) noexcept;
LINOCUT_HIDDEN uint32_t linocut_on_safepoint(uint8_t* end) noexcept;
// An exception comes out of a call, after which the registers are these. 0: they say where it has been caught.
LINOCUT_HIDDEN uint32_t linocut_on_unwind(linocut::UnwoundRegisters* registers, uint8_t* end) noexcept;
#define X(name)                                                                                   \
    LINOCUT_HIDDEN LcHelperResult linocut_helper_##name(LcContext*, uint64_t, uint64_t, uint64_t, \
                                                        uint64_t) noexcept;
LC_HELPERS(X)
#undef X

// The same for C++ that has noted in the activation where machine code was left.
LINOCUT_HIDDEN uint32_t linocut_raise_trap(uint32_t trap, uint8_t* end) noexcept;
LINOCUT_HIDDEN uint32_t linocut_call_host(const LcFuncRef* function, uint64_t* frame, uint8_t* end) noexcept;

// For the interpreter. Where a function catches what has been thrown, its values being in the argument buffer from
// then on; or HandlerTable::kNone.
LINOCUT_HIDDEN uint32_t linocut_catch(const linocut::HandlerTable* handlers, uint32_t place,
                                      uint8_t* end) noexcept;
// Nobody has caught it so far: if this is the first time, the frames are remembered.
LINOCUT_HIDDEN void linocut_note_uncaught(uint8_t* end) noexcept;

// Read by the stubs.
LINOCUT_HIDDEN extern const uint64_t linocut_context_bytes;
}

namespace linocut {

inline constexpr uint64_t kSwitchFrame = 24;

// A helper's status from here on is not a trap, but kHelperExit + what linocut_exit is to return.
inline constexpr uint64_t kHelperExit = 0x100;

// Fills in every stub.
void set_stubs(LcContext& context);
void* trap_stub(uint32_t trap);

}  // namespace linocut
