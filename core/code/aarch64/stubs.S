// The ways between C++ and the entry of a function reference. Conventions: abi/context.h; who calls what:
// code/stubs.hpp. There is no compiler for this processor yet, so every entry is one of the two stubs below that
// call C++; what only machine code would use is a breakpoint.
#include "context.h"

.macro stub name
    .p2align 4
    .globl \name
    .hidden \name
    .type \name, %function
\name:
.endm

.text

// uint32_t linocut_enter(Activation* x0, const LcFuncRef* x1, uint64_t* frame x2, uint64_t narrow x3)
// All that C wants saved is saved here: linocut_exit drops whatever lies below.
stub linocut_enter
    stp x29, x30, [sp, #-160]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x29, sp
    stp x2, x3, [sp, #-16]!
    mov x9, sp
    str x9, [x0, #8]                // Activation::entry_sp
    mov x16, x1
    mov x9, x2
    ldr x21, [x16, #8]              // LcFuncRef::context
    ldr x20, [x21, #LC_MEMORY_BASE]
    cbnz w3, 1f
    ldp q0, q1, [x9, #32]
    ldp q2, q3, [x9, #64]
1:  ldp x0, x1, [x9]
    ldp x2, x3, [x9, #16]
    ldr x9, [x16]                   // LcFuncRef::entry
    blr x9
    .globl linocut_enter_return
    .hidden linocut_enter_return
linocut_enter_return:
    ldp x9, x10, [sp]               // frame, narrow
    str x0, [x9]
    cbnz w10, 1f
    str x1, [x9, #8]
    stp x2, x3, [x9, #16]
    stp q0, q1, [x9, #32]
    stp q2, q3, [x9, #64]
1:  mov w0, #0
leave_activation:
    add sp, sp, #16
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    ldp x29, x30, [sp], #160
    ret

// The stack is cut back to the activation's entry.
stub linocut_exit
    ldr x9, [x21, #LC_STORE]
    ldr x9, [x9]                    // StoreHead::running
    ldr x9, [x9]                    // ThreadHead::activation
    ldr x9, [x9, #8]                // Activation::entry_sp
    mov sp, x9
    b leave_activation

// x16 = the FuncRef of a function that C++ carries out; x21 = any context of its store. The return address is
// stored in the highest word of the frame, right below the caller's: so a stack walk finds it (stack_walk.cpp).
.macro calls_cpp name, function
stub \name
    sub sp, sp, #112
    str x30, [sp, #104]
    stp x0, x1, [sp]
    stp x2, x3, [sp, #16]
    stp q0, q1, [sp, #32]
    stp q2, q3, [sp, #64]
    mov x0, x16
    mov x1, sp
    mov x2, x21
    add x3, sp, #104
    bl \function
    cbnz w0, linocut_exit
    ldp x0, x1, [sp]
    ldp x2, x3, [sp, #16]
    ldp q0, q1, [sp, #32]
    ldp q2, q3, [sp, #64]
    ldr x30, [sp, #104]
    add sp, sp, #112
    ret
.endm

calls_cpp linocut_host_stub, linocut_on_host_call
calls_cpp linocut_interpreted_stub, linocut_on_interpreted_call

// Only machine code would enter these: they come with a compiler.
stub linocut_switch_context
stub linocut_switch_return
stub linocut_safepoint
#define X(name) stub linocut_helper_stub_##name;
LC_HELPERS(X)
#undef X
stub no_machine_code
    brk #0

.section .data.rel.ro.local, "aw", %progbits
    .p2align 3
    .globl linocut_trap_stubs
    .hidden linocut_trap_stubs
linocut_trap_stubs:
.rept LC_TRAP_STUBS
    .quad no_machine_code
.endr

.section .note.GNU-stack, "", %progbits
