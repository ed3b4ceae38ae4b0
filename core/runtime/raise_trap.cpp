#include "runtime/raise_trap.hpp"

#include "code/stubs.hpp"
#include "runtime/context.hpp"
#include "runtime/stack_walk.hpp"

namespace linocut {

Exit raise_trap(Thread& thread, TrapKind kind) noexcept {
    thread.trap = {.kind = kind, .frames = {}};
    return Exit::Trap;
}

}  // namespace linocut

// A prologue that finds the stack exhausted calls before it has made its frame.
uint32_t linocut_on_trap(uint32_t trap, uint64_t sp, uint8_t* end) noexcept {
    using namespace linocut;
    Thread& thread = thread_of_context(end);
    const auto kind = static_cast<TrapKind>(trap);
    const Exit exit = raise_trap(thread, kind);
    walk_stack(thread, sp, kind != TrapKind::StackExhausted, thread.trap);
    return static_cast<uint32_t>(exit);
}

uint32_t linocut_raise_trap(uint32_t trap, uint8_t* end) noexcept {
    using namespace linocut;
    Thread& thread = thread_of_context(end);
    const Exit exit = raise_trap(thread, static_cast<TrapKind>(trap));
    walk_left_stack(thread, thread.trap);
    return static_cast<uint32_t>(exit);
}
