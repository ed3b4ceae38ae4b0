// uint64_t linocut_call_preserving(void *c, uint64_t a, uint64_t b, uint64_t (*function)(void *, uint64_t, uint64_t))
//
// Calls function(c, a, b) and gives every register but rax back as it was. A hot visitor's rare half is
// called like this, so that its common half needs no stack frame (dispatch.hpp).
    .intel_syntax noprefix
    .text
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
    sub rsp, 256
    and rsp, -16
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movaps [rsp + 16 * \n], xmm\n
    .endr
    call rcx
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movaps xmm\n, [rsp + 16 * \n]
    .endr
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
    .section .note.GNU-stack, "", @progbits
