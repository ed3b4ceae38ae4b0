// The contract between machine code and the runtime: what the pinned context register points at.
//
// Plain C, includes nothing of ours. Machine code addresses the context relative to its END: the
// hot words sit at negative one-byte displacements, the instance's own globals start at 0. What
// follows the header has a size that depends on the module; core/code/context_layout.hpp says where.
//
// Machine-code conventions on x86-64 (core/code/x86_64/stubs.S, core/jit/x86_64/registers.hpp):
//   r12 = base of memory 0 · r13 = context end · rsp = frame · r10 = scratch, the FuncRef at a call
//   arguments and results 0..3 of class Int (integers, references): rax rcx rdx r11; of class Vector (floats and
//   v128): xmm0..3
//   further ones, in order: argument_buffer[0..], which the receiver copies at once. A word each; a v128 two, which
//   are aligned like any word: 16-byte moves without alignment cost no more, and nothing must be skipped for them
//   callee-saved: rbx rbp rsi rdi r8 r9 r14 r15, xmm4..xmm15 (the full register once there is SIMD)
//   clobbered by any call: rax rcx rdx r11 r10 xmm0..3 and the flags; no red zone; rsp is 8 mod 16
//   right after a call instruction, as in the System V ABI
// On aarch64 (core/code/aarch64/stubs.S; there is no machine code yet):
//   x20 = base of memory 0 · x21 = context end · x16 = the FuncRef at a call
//   arguments and results 0..3: x0..3; v0..3; sp is a multiple of 16, and a callee stores its return address in
//   the word below its caller's frame
// Everywhere an i32 in a register or a slot is zero-extended to 64 bits.
#ifndef LINOCUT_ABI_CONTEXT_H
#define LINOCUT_ABI_CONTEXT_H

#include "helpers.h"

// Assembly uses these, too: a stub for each trap, and some fields of the context, from its end.
#define LC_TRAP_STUBS 12
#define LC_NEAR_TRAPS 10
#define LC_MEMORY_BASE (-8)
#define LC_STACK_LIMIT (-16)
#define LC_STORE (-32)
#define LC_EXCEPTION_EXIT 6  // runtime's Exit::Exception

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

enum {
    LC_INT_ARGUMENTS = 4,
    LC_VECTOR_ARGUMENTS = 4,
    // The words that a vector register has in the array in which C++ and the stubs pass values
    // (core/code/places.hpp): so much the stubs move. Of a float only the first means anything.
    LC_VECTOR_WORDS = 2
};

struct LcContext;

// A function reference: what funcref, tables and import cells point at.
struct LcFuncRef {
    void *entry;                // machine code, called with r12 and r13 of `context`
    void *context;              // end of the LcContext that it runs in (the value of r13)
    uint32_t type_id;           // canonical function type (core/code/type_registry.hpp)
    uint32_t kind : 2;          // enum LcFuncKind
    uint32_t index : 30;        // of a WebAssembly function: in its module, imports counted
    void *owner;                // runtime's Instance; of a host function, its HostFunction
};
enum LcFuncKind { LC_FUNC_COMPILED, LC_FUNC_INTERPRETED, LC_FUNC_HOST };

// What machine code reads of a linear memory.
struct LcMemory {
    uint8_t *base;              // never moves
    uint64_t bytes;             // current size
    uint64_t pages;             // bytes / page size
};

// What machine code reads of a table: every element is one word (0 = null).
struct LcTable {
    uint64_t *elements;
    uint64_t size;
};

struct LcContext {
    void *far_traps[LC_TRAP_STUBS - LC_NEAR_TRAPS];  // as `traps`, of those that are rarely checked for
    const void *interpreted;             // the module's InterpretedCode, or null: it has machine code
    struct LcMemory *memory;             // memory 0, or null
    void *helpers[LC_HELPER_COUNT];      // stubs of abi/helpers.h, called like wasm functions
    void *switch_context;                // stub: call the FuncRef in r10 in its own context, then come back
    // hot words: reached by a one-byte displacement from the end
    void *traps[LC_NEAR_TRAPS];          // stubs, one per linocut_isa Trap, entered by `call`
    uint64_t memory_bytes;               // size of memory 0 (runtime's SizeMirror keeps it)
    void *instance;                      // runtime's Instance
    void *store;                         // runtime's Store
    uint64_t *argument_buffer;           // the store's, for arguments and results beyond the registers
    uint64_t stack_limit;                // of the thread that runs; set at entry and by switch_context
    uint8_t *memory_base;                // base of memory 0
};

#define LC_CONTEXT_OFFSET(field) ((int32_t)offsetof(struct LcContext, field) - (int32_t)sizeof(struct LcContext))

// Where the stub of a trap is.
#define LC_TRAP_OFFSET(number)                                                       \
    ((number) < LC_NEAR_TRAPS ? LC_CONTEXT_OFFSET(traps) + 8 * (int32_t)(number)      \
                              : LC_CONTEXT_OFFSET(far_traps) + 8 * ((int32_t)(number) - LC_NEAR_TRAPS))

#ifdef __cplusplus
static_assert(sizeof(void *) == 8, "64-bit hosts only");
static_assert(LC_CONTEXT_OFFSET(memory_base) == LC_MEMORY_BASE, "");
static_assert(LC_CONTEXT_OFFSET(stack_limit) == LC_STACK_LIMIT, "");
static_assert(LC_CONTEXT_OFFSET(argument_buffer) == -24, "");
static_assert(LC_CONTEXT_OFFSET(store) == LC_STORE, "");
static_assert(LC_CONTEXT_OFFSET(instance) == -40, "");
static_assert(LC_CONTEXT_OFFSET(memory_bytes) == -48, "");
static_assert(LC_CONTEXT_OFFSET(traps) == -128, "the trap stubs are within reach of a one-byte displacement");
static_assert(LC_CONTEXT_OFFSET(switch_context) == -136, "");
static_assert(offsetof(struct LcFuncRef, type_id) == 16, "");
static_assert(sizeof(struct LcFuncRef) == 32, "");
#endif

#endif

#endif
