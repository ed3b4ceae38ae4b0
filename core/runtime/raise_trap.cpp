#include "runtime/raise_trap.hpp"

#include "code/stubs.hpp"
#include "runtime/context.hpp"
#include "runtime/stack_walk.hpp"

namespace linocut {

Exit raise_trap(Thread& thread, TrapKind kind, uint64_t rsp, bool has_frame) noexcept {
    thread.trap = std::make_unique<TrapRecord>(TrapRecord{kind, {}});
    if (rsp) walk_stack(thread, rsp, has_frame, *thread.trap);
    return Exit::Trap;
}

}  // namespace linocut

// A prologue that finds the stack exhausted calls before it has made its frame.
uint32_t linocut_on_trap(uint32_t trap, uint64_t rsp, uint8_t* end) noexcept {
    using namespace linocut;
    const auto kind = static_cast<TrapKind>(trap);
    return static_cast<uint32_t>(
        raise_trap(thread_of_context(end), kind, rsp, kind != TrapKind::StackExhausted));
}
