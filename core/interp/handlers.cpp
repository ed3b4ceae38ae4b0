#include "interp/handlers.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace linocut::interp {

namespace {

template <typename T>
T* in_context(const Run& run, uint32_t offset) {
    return reinterpret_cast<T*>(run.context + offset);
}

// Which may overlap.
void copy_two_words(uint64_t* to, const uint64_t* from) {
    const uint64_t low = from[0], high = from[1];
    to[0] = low;
    to[1] = high;
}

}  // namespace

Step trap(const Instruction* at, Run& run, TrapKind kind) {
    run.fail(at, kind);
    return nullptr;
}

Step go_to_safepoint(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    if (!run.pause(at)) return nullptr;
    return next(target(at), frame, memory, run);
}

// ── moves ──
Step set_constant(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    frame[at->result] = at->immediate;
    return next(at + 1, frame, memory, run);
}

Step copy(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    frame[at->result] = frame[at->a];
    return next(at + 1, frame, memory, run);
}

Step copy_two(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    copy_two_words(frame + at->result, frame + at->a);
    return next(at + 1, frame, memory, run);
}

Step copy_many(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    std::memmove(frame + at->result, frame + at->a, at->b * sizeof(uint64_t));
    return next(at + 1, frame, memory, run);
}

Step select(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    const uint64_t a = frame[at->a], b = frame[at->b];
    frame[at->result] = static_cast<uint32_t>(frame[at->c]) ? a : b;
    return next(at + 1, frame, memory, run);
}

Step select_two(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    copy_two_words(frame + at->result, frame + (static_cast<uint32_t>(frame[at->c]) ? at->a : at->b));
    return next(at + 1, frame, memory, run);
}

// ── control ──
Step jump_table(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    const auto index = static_cast<uint32_t>(frame[at->a]);
    return branch<true>(at + 1 + (index < at->b ? index : at->b), frame, memory, run);
}

Step trap_unreachable(const Instruction* at, uint64_t*, const LcMemory*, Run& run) {
    return trap(at, run, TrapKind::Unreachable);
}

Step leave_function(const Instruction* at, uint64_t* frame, const LcMemory*, Run&) {
    std::memmove(frame, frame + at->a, at->b * sizeof(uint64_t));
    return nullptr;
}

Step leave_with_one(const Instruction* at, uint64_t* frame, const LcMemory*, Run&) {
    frame[0] = frame[at->a];
    return nullptr;
}

// ── calls ──
Step call_function(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    run.frame->at = at;
    if (!run.call(*at->function, frame + at->a)) [[unlikely]]
        return catch_exception(at, run);
    return next(at + 1, frame, memory, run);
}

Step call_import(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    run.frame->at = at;
    const LcFuncRef* function = *in_context<const LcFuncRef*>(run, at->b);
    if (!run.call(*function, *run.code.signatures[at->c], frame + at->a)) [[unlikely]]
        return catch_exception(at, run);
    return next(at + 1, frame, memory, run);
}

Step call_indirect(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    run.frame->at = at;
    const LcTable& table = **in_context<const LcTable*>(run, at->b);
    const uint64_t index = frame[at->result];
    if (index >= table.size) [[unlikely]]
        return trap(at, run, TrapKind::UndefinedElement);
    const auto* function = reinterpret_cast<const LcFuncRef*>(table.elements[index]);
    if (!function) [[unlikely]]
        return trap(at, run, TrapKind::UninitializedElement);
    const Signature& signature = *run.code.signatures[at->c];
    if (function->type_id != signature.type_id) [[unlikely]]
        return trap(at, run, TrapKind::IndirectCallTypeMismatch);
    if (!run.call(*function, signature, frame + at->a)) [[unlikely]]
        return catch_exception(at, run);
    return next(at + 1, frame, memory, run);
}

// ── exceptions ──
Step copy_to_buffer(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    std::copy_n(frame + at->a, at->b, in_context<LcContext>(run, 0)[-1].argument_buffer);
    return next(at + 1, frame, memory, run);
}

Step copy_from_buffer(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    std::copy_n(in_context<LcContext>(run, 0)[-1].argument_buffer + at->a, at->b, frame + at->result);
    return next(at + 1, frame, memory, run);
}

Step catch_exception(const Instruction* at, Run& run) {
    if (run.status != LC_EXCEPTION_EXIT) return nullptr;
    const InterpretedFunction& function = *run.frame->function;
    const Instruction* const code = function.code.data();
    if (function.handlers) {
        const auto place = static_cast<uint32_t>(at - code);
        const uint32_t landing = linocut_catch(function.handlers.get(), place, run.context);
        if (landing != HandlerTable::kNone) {
            run.status = 0;
            return code + landing;
        }
    }
    run.leave(at);
    linocut_note_uncaught(run.context);
    return nullptr;
}

// ── 64-bit memories ──
// The lowest bits stay: whether an atomic access is aligned is asked before its bounds.
Step add_offset(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    constexpr uint64_t kNowhere = uint64_t{1} << 62, kLowest = 0xF;
    uint64_t sum;
    const bool wraps = __builtin_add_overflow(frame[at->a], at->immediate, &sum);
    frame[at->result] = wraps || sum > kNowhere ? kNowhere | (sum & kLowest) : sum;
    return next(at + 1, frame, memory, run);
}

// ── the context ──
Step get_word(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    frame[at->result] = *in_context<uint64_t>(run, at->b);
    return next(at + 1, frame, memory, run);
}

Step get_half(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    frame[at->result] = static_cast<uint32_t>(*in_context<uint64_t>(run, at->b));
    return next(at + 1, frame, memory, run);
}

Step set_word(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    *in_context<uint64_t>(run, at->b) = frame[at->a];
    return next(at + 1, frame, memory, run);
}

Step get_word_behind(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    frame[at->result] = **in_context<uint64_t*>(run, at->b);
    return next(at + 1, frame, memory, run);
}

Step get_half_behind(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    frame[at->result] = static_cast<uint32_t>(**in_context<uint64_t*>(run, at->b));
    return next(at + 1, frame, memory, run);
}

Step set_word_behind(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    **in_context<uint64_t*>(run, at->b) = frame[at->a];
    return next(at + 1, frame, memory, run);
}

Step get_two(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    copy_two_words(frame + at->result, in_context<uint64_t>(run, at->b));
    return next(at + 1, frame, memory, run);
}

Step set_two(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    copy_two_words(in_context<uint64_t>(run, at->b), frame + at->a);
    return next(at + 1, frame, memory, run);
}

Step get_two_behind(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    copy_two_words(frame + at->result, *in_context<uint64_t*>(run, at->b));
    return next(at + 1, frame, memory, run);
}

Step set_two_behind(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    copy_two_words(*in_context<uint64_t*>(run, at->b), frame + at->a);
    return next(at + 1, frame, memory, run);
}

Step get_address(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    frame[at->result] = reinterpret_cast<uint64_t>(run.context + at->b);
    return next(at + 1, frame, memory, run);
}

Step get_memory_size(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    frame[at->result] = memory->pages;
    return next(at + 1, frame, memory, run);
}

Step get_table_size(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    frame[at->result] = (*in_context<const LcTable*>(run, at->b))->size;
    return next(at + 1, frame, memory, run);
}

Step fence(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return next(at + 1, frame, memory, run);
}

// ── helpers ──
bool call_helper(Run& run, const Instruction* at, Helper helper, uint64_t* operands, unsigned count,
                 bool has_result) {
    run.leave(at);
    uint64_t arguments[4]{};
    std::copy_n(operands, count, arguments);
    arguments[count] = at->immediate;
    LcContext* const context = in_context<LcContext>(run, 0) - 1;
    const LcHelperResult result = helper(context, arguments[0], arguments[1], arguments[2], arguments[3]);
    if (has_result) operands[0] = result.value;
    if (result.status == 0) [[likely]]
        return true;
    if (result.status < kHelperExit) return run.fail(at, static_cast<TrapKind>(result.status - 1));
    return run.came_back(static_cast<uint32_t>(result.status - kHelperExit));
}

}  // namespace linocut::interp
