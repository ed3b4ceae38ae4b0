// Handlers of all opcodes but the rows with bodies: moves, control, calls, globals, tables.
#pragma once

#include "code/stubs.hpp"
#include "interp/handler.hpp"

namespace linocut::interp {

// ── moves ──
HandlerFunction set_constant;  // result ← immediate
HandlerFunction copy;          // result ← a
HandlerFunction copy_two;      // the two words of a wide value, here and below
HandlerFunction copy_many;     // result … ← a …, b of them
HandlerFunction select;        // result ← c ? a : b
HandlerFunction select_two;

// ── control ──
template <bool Backwards>
Step jump(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    return branch<Backwards>(at, frame, memory, run);
}

template <bool Unless, bool Backwards>
Step jump_if(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    if ((static_cast<uint32_t>(frame[at->a]) != 0) != Unless)
        return branch<Backwards>(at, frame, memory, run);
    return next(at + 1, frame, memory, run);
}

HandlerFunction jump_table;  // as the a-th of b + 1 jumps behind it
HandlerFunction trap_unreachable;
HandlerFunction leave_function;  // with b results from slot a on
HandlerFunction leave_with_one;  // with slot a

// ── calls: arguments and results in slot a and those behind it ──
HandlerFunction call_function;
HandlerFunction call_import;    // b: the import's cell, c: its type
HandlerFunction call_indirect;  // result: index, b: table, c: type

// ── exceptions: their values are words of the argument buffer ──
HandlerFunction copy_to_buffer;    // its first b words ← a …
HandlerFunction copy_from_buffer;  // result … ← those from word a on, b of them

// After an instruction that has failed: where the function catches the exception, if there is one; else null.
Step catch_exception(const Instruction* at, Run& run);

// ── 64-bit memories ──
HandlerFunction add_offset;  // result ← a + immediate, or a place that no memory has

// ── the context, `b` being an offset from its end ──
HandlerFunction get_word;         // result ← what is there
HandlerFunction get_half;         // result ← its lower half
HandlerFunction set_word;         // what is there ← a
HandlerFunction get_word_behind;  // by the pointer that is there
HandlerFunction get_half_behind;
HandlerFunction set_word_behind;
HandlerFunction get_two;
HandlerFunction set_two;
HandlerFunction get_two_behind;
HandlerFunction set_two_behind;
HandlerFunction get_address;      // result ← the address itself
HandlerFunction get_memory_size;  // result ← pages of memory 0
HandlerFunction get_table_size;
HandlerFunction fence;

// ── the runtime's helpers: operands from slot a on, the immediate behind them; a result into slot a ──
using Helper = LcHelperResult (*)(LcContext*, uint64_t, uint64_t, uint64_t, uint64_t) noexcept;
bool call_helper(Run& run, const Instruction* at, Helper helper, uint64_t* operands, unsigned count,
                 bool has_result);

// By the exception that the helper throws, or by its trap.
template <Helper Function, unsigned Operands>
Step throw_by_helper(const Instruction* at, uint64_t* frame, const LcMemory*, Run& run) {
    call_helper(run, at, Function, frame + at->a, Operands, false);
    return catch_exception(at, run);
}

template <Helper Function, unsigned Operands, bool HasResult>
Step run_helper(const Instruction* at, uint64_t* frame, const LcMemory* memory, Run& run) {
    if (!call_helper(run, at, Function, frame + at->a, Operands, HasResult)) [[unlikely]]
        return nullptr;
    return next(at + 1, frame, memory, run);
}

}  // namespace linocut::interp
