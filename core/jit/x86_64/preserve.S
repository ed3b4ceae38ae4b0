// The two ways between the hot visitors (dispatch.cpp) and the rest. The visitors are compiled so that no
// register is callee-saved: a chain of tail calls would push and pop for its one caller, over and over.
    .intel_syntax noprefix
    .text

// uint64_t linocut_call_preserving(void *c, uint64_t a, uint64_t b, uint64_t (*function)(void *, uint64_t, uint64_t))
//
// Calls function(c, a, b) and gives every general register but rax back as it was. A hot visitor's rare half
// is called like this, so that its common half needs no stack frame (dispatch.hpp).
    .p2align 4
    .globl linocut_call_preserving
    .hidden linocut_call_preserving
    .type linocut_call_preserving, @function
linocut_call_preserving:
    .cfi_startproc
    push rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    mov rbp, rsp
    .cfi_def_cfa_register rbp
    push rcx
    push rdx
    push rsi
    push rdi
    push r8
    push r9
    push r10
    push r11
    and rsp, -16
    call rcx
    lea rsp, [rbp - 64]
    pop r11
    pop r10
    pop r9
    pop r8
    pop rdi
    pop rsi
    pop rdx
    pop rcx
    pop rbp
    .cfi_def_cfa rsp, 8
    ret
    .cfi_endproc
    .size linocut_call_preserving, . - linocut_call_preserving

// void linocut_enter_visitors(c, pc, out, top, free, table, first)
//
// Calls first(c, pc, out, top, free, table) and preserves what the caller expects any function to preserve.
    .p2align 4
    .globl linocut_enter_visitors
    .hidden linocut_enter_visitors
    .type linocut_enter_visitors, @function
linocut_enter_visitors:
    .cfi_startproc
    mov rax, [rsp + 8]
    .irp register, rbx, rbp, r12, r13, r14, r15
    push \register
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset \register, 0
    .endr
    sub rsp, 8
    .cfi_adjust_cfa_offset 8
    call rax
    add rsp, 8
    .cfi_adjust_cfa_offset -8
    .irp register, r15, r14, r13, r12, rbp, rbx
    pop \register
    .cfi_adjust_cfa_offset -8
    .cfi_restore \register
    .endr
    ret
    .cfi_endproc
    .size linocut_enter_visitors, . - linocut_enter_visitors
    .section .note.GNU-stack, "", @progbits
