#include "runtime/unwind.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "code/arch/unwinding.hpp"
#include "code/code_registry.hpp"
#include "code/stubs.hpp"
#include "runtime/context.hpp"
#include "runtime/hooks.hpp"
#include "runtime/raise_trap.hpp"
#include "runtime/stack_walk.hpp"
#include "wasm/value_class.hpp"

namespace linocut {

static_assert(static_cast<uint32_t>(Exit::Exception) == LC_EXCEPTION_EXIT, "abi/context.h");

namespace {

uint64_t word_at(uint64_t address) { return *reinterpret_cast<const uint64_t*>(address); }
uint64_t address_of(void (*stub)()) { return reinterpret_cast<uint64_t>(stub); }

bool takes(const HandlerTable::Clause& clause, const Instance& instance, const Exception& exception) {
    return clause.tag == HandlerTable::kAnyTag || instance.tag(clause.tag) == exception.tag;
}

// The first clause from the innermost try around the call outward that takes the exception, or null.
const HandlerTable::Clause* find_clause(const HandlerTable& table, uint32_t place, const Instance& instance,
                                        const Exception& exception) {
    for (uint32_t i = table.handler_of(place); i != HandlerTable::kNone; i = table.handlers[i].outer)
        for (const HandlerTable::Clause& clause : table.handlers[i].clauses)
            if (takes(clause, instance, exception)) return &clause;
    return nullptr;
}

// The host's exception has been caught for good. Letting go of it may run any code, so it comes first.
void release_object(Thread& thread, Exception& exception) {
    Activation* const activation = thread.activation;
    host_hooks().release_object(std::exchange(exception.object, nullptr));
    thread.activation = activation;
}

// The values go to the argument buffer, from which the landing takes them, and behind them the reference if the
// clause wants it.
void hand_over(Thread& thread, Store& store, const HandlerTable::Clause& clause) {
    const uint64_t reference = std::exchange(thread.thrown, 0);
    Exception& exception = Exceptions::at(reference);
    const bool can_release = !exception.object || !thread.lock_released;
    const bool is_last = !clause.takes_reference && !exception.is_referenced && can_release;
    if (is_last && exception.object) release_object(thread, exception);
    uint64_t* const end = clause.tag == HandlerTable::kAnyTag
                              ? store.argument_buffer()
                              : std::ranges::copy(exception.values(), store.argument_buffer()).out;
    thread.trap.frames.clear();
    if (clause.takes_reference) {
        *end = reference;
        exception.is_referenced = true;
    } else if (is_last) {
        store.forget_exception(reference);
    }
}

// Leaves frames until one catches the exception: then the registers are as they must be there. False when none of this
// activation does.
bool find_landing(UnwoundRegisters& registers, Thread& thread, Store& store) {
    const Exception& exception = Exceptions::at(thread.thrown);
    for (uint64_t at = registers.sp();;) {
        const uint64_t pc = word_at(at);
        if (pc == address_of(linocut_switch_return)) {
            registers.leave_switch(at);
            at += 8 + kSwitchFrame;
            continue;
        }
        const CodePlace place = find_code(pc - 1);  // a call's last byte
        if (!place) return false;
        const FunctionCode& function = place.code->functions[place.defined];
        if (function.handlers) {
            const auto& instance =
                *static_cast<Instance*>(context_of(reinterpret_cast<void*>(registers.context())).instance);
            const uint32_t call = place.offset + 1 - function.start;
            if (const auto* clause = find_clause(*function.handlers, call, instance, exception)) {
                const uint8_t* const code = place.code->region.base() + function.start;
                registers.go_to(reinterpret_cast<uint64_t>(code + clause->landing), at + 8);
                hand_over(thread, store, *clause);
                return true;
            }
        }
        registers.leave_frame(function, at + 8);
        at += 8 + function.frame_bytes + function.pushed_bytes;
    }
}

bool is_noted(const Thread& thread) { return !thread.trap.frames.empty(); }

}  // namespace

// A sweep asks bind, for which the lock is needed.
Exit throw_exception(Thread& thread, Store& store, const Tag* tag, const uint64_t* words,
                     void* object) noexcept {
    try {
        const uint32_t count = tag ? words_of(tag->type.params) : 0;
        std::unique_ptr<Exception> exception(
            new Exception{.tag = tag, .store = &store, .object = nullptr, .count = count, .words = nullptr});
        if (count) exception->words = std::make_unique_for_overwrite<uint64_t[]>(count);
        std::copy_n(words, count, exception->words.get());
        thread.thrown = store.add_exception(std::move(exception), thread);
        Exceptions::at(thread.thrown).object = object;
    } catch (const std::bad_alloc&) {
        return raise_trap(thread, TrapKind::StackExhausted);
    }
    thread.trap.frames.clear();
    return Exit::Exception;
}

Exit throw_again(Thread& thread, uint64_t reference) noexcept {
    thread.thrown = reference;
    thread.trap.frames.clear();
    return Exit::Exception;
}

}  // namespace linocut

uint32_t linocut_on_unwind(linocut::UnwoundRegisters* registers, uint8_t* end) noexcept {
    using namespace linocut;
    Thread& thread = thread_of_context(end);
    const uint64_t sp = registers->sp();
    if (find_landing(*registers, thread, store_of_context(end))) return 0;
    if (!is_noted(thread)) walk_stack(thread, sp, true, thread.trap);
    return LC_EXCEPTION_EXIT;
}

uint32_t linocut_catch(const linocut::HandlerTable* handlers, uint32_t place, uint8_t* end) noexcept {
    using namespace linocut;
    Thread& thread = thread_of_context(end);
    const auto& instance = *static_cast<Instance*>(context_of(end).instance);
    const auto* clause = find_clause(*handlers, place, instance, Exceptions::at(thread.thrown));
    if (!clause) return HandlerTable::kNone;
    hand_over(thread, store_of_context(end), *clause);
    return clause->landing;
}

void linocut_note_uncaught(uint8_t* end) noexcept {
    using namespace linocut;
    Thread& thread = thread_of_context(end);
    if (!is_noted(thread)) walk_left_stack(thread, thread.trap);
}
