// The ways between C++ and machine code. Conventions: abi/context.h; who calls what: code/stubs.hpp.
#include "context.h"

.intel_syntax noprefix

.macro stub name
    .p2align 4
    .globl \name
    .hidden \name
    .type \name, @function
\name:
.endm

// The pinned vector registers, in a row that begins `offset` above rsp: C++ saves none of them.
.macro save_vectors offset
.irp number, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps [rsp + \offset + 16 * (\number - 4)], xmm\number
.endr
.endm

.macro restore_vectors offset
.irp number, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps xmm\number, [rsp + \offset + 16 * (\number - 4)]
.endr
.endm

// The four that carry values, from and to the words of a frame. C++ may have written a word of them a moment ago,
// and a load of both would wait until that store is done with: so each word is loaded by itself.
.macro load_vector_values base
.irp number, 0, 1, 2, 3
    movq xmm\number, [\base + 32 + 16 * \number]
    movhps xmm\number, [\base + 32 + 16 * \number + 8]
.endr
.endm

.macro store_vector_values base
.irp number, 0, 1, 2, 3
    movups [\base + 32 + 16 * \number], xmm\number
.endr
.endm

.text

// uint32_t linocut_enter(Activation* rdi, const LcFuncRef* rsi, uint64_t* frame rdx, uint64_t narrow rcx)
// The stores are what it costs, one cycle each: hence the narrow form, without vectors and with one result.
stub linocut_enter
    push rbp
    push rbx
    push r12
    push r13
    push r14
    push r15
    push rcx                        // aligns
    mov [rdi + 8], rsp              // Activation::entry_sp
    mov rbx, rdx                    // the callee saves it
    mov r10, rsi
    mov r13, [rsi + 8]
    mov r12, [r13 + LC_MEMORY_BASE]
    test ecx, ecx
    jne 1f
    load_vector_values rbx
1:  mov rax, [rbx]
    mov rcx, [rbx + 8]
    mov rdx, [rbx + 16]
    mov r11, [rbx + 24]
    call [r10]
    .globl linocut_enter_return
    .hidden linocut_enter_return
linocut_enter_return:
    mov [rbx], rax
    cmp dword ptr [rsp], 0
    jne 1f
    mov [rbx + 8], rcx
    mov [rbx + 16], rdx
    mov [rbx + 24], r11
    store_vector_values rbx
1:  xor eax, eax
leave_activation:
    pop rcx
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbx
    pop rbp
    ret

// Everything that machine code has on the stack is dropped: it owns nothing there.
stub linocut_exit
    mov r10, [r13 + LC_STORE]
    mov r10, [r10]                  // StoreHead::running
    mov r10, [r10]                  // ThreadHead::activation
    mov rsp, [r10 + 8]              // Activation::entry_sp
    jmp leave_activation

// Entered by call: the return address names the site.
.altmacro
.macro trap_stub number
    .p2align 3
trap_\number:
    mov edi, \number
    jmp on_trap
.endm
.set number, 0
.rept LC_TRAP_STUBS
    trap_stub %number
    .set number, number + 1
.endr

    .p2align 4
on_trap:
    mov rsi, rsp
    mov rdx, r13
    and rsp, -16
    call linocut_on_trap
    jmp linocut_exit

// r10 = the C function; rax rcx rdx r11 = its arguments.
stub linocut_helper_stub
    push rsi
    push rdi
    push r8
    push r9
    sub rsp, 200
    save_vectors 0
    mov rdi, r13
    sub rdi, [rip + linocut_context_bytes]
    mov rsi, rax
    mov r8, r11
    xchg rdx, rcx
    call r10
    restore_vectors 0
    add rsp, 200
    pop r9
    pop r8
    pop rdi
    pop rsi
    test rdx, rdx
    jne 1f
    ret
1:  lea eax, [rdx - 0x100]          // status = kHelperExit + that of an exit, unless it is
    cmp eax, LC_EXCEPTION_EXIT
    je linocut_unwind
    lea edi, [rdx - 1]              // 1 + trap
    cmp rdx, 0x100
    jb on_trap
    jmp linocut_exit

// One for each helper.
.macro helper_stub name
    .hidden linocut_helper_\name
stub linocut_helper_stub_\name
    lea r10, [rip + linocut_helper_\name]
    jmp linocut_helper_stub
.endm
#define X(name) helper_stub name;
LC_HELPERS(X)
#undef X

// r10 = the FuncRef; every argument register is taken, so the limit travels on the stack.
stub linocut_switch_context
    push r12
    push r13
    push qword ptr [r13 + LC_STACK_LIMIT]
    mov r13, [r10 + 8]
    mov r12, [r13 + LC_MEMORY_BASE]
    pop qword ptr [r13 + LC_STACK_LIMIT]
    sub rsp, 8
    call [r10]
    .globl linocut_switch_return
    .hidden linocut_switch_return
linocut_switch_return:
    add rsp, 8
    pop r13
    pop r12
    ret

// What a call preserves, as calls_cpp has saved it.
.macro restore_preserved
    restore_vectors 96
    add rsp, 296
    pop r9
    pop r8
    pop rdi
    pop rsi
.endm

// r10 = the FuncRef of a function that C++ carries out; r13 = any context of its store.
.macro calls_cpp name, function
stub \name
    push rsi
    push rdi
    push r8
    push r9
    sub rsp, 296
    mov [rsp], rax
    mov [rsp + 8], rcx
    mov [rsp + 16], rdx
    mov [rsp + 24], r11
    store_vector_values rsp
    save_vectors 96
    mov rdi, r10
    mov rsi, rsp
    mov rdx, r13
    lea rcx, [rsp + 328]            // where the return address is
    call \function
    test eax, eax
    jne 1f
    mov rax, [rsp]
    mov rcx, [rsp + 8]
    mov rdx, [rsp + 16]
    mov r11, [rsp + 24]
    load_vector_values rsp
    restore_preserved
    ret
1:  cmp eax, LC_EXCEPTION_EXIT
    jne linocut_exit
    restore_preserved
    jmp linocut_unwind
.endm

calls_cpp linocut_host_stub, linocut_on_host_call
calls_cpp linocut_interpreted_stub, linocut_on_interpreted_call

// UnwoundRegisters (unwinding.hpp): general registers by number, the pc, vector registers by number.
#define UNWOUND_PC 128
#define UNWOUND_VECTORS 144
#define UNWOUND_BYTES 400

.macro each_unwound operation
    \operation rbx, 3
    \operation rbp, 5
    \operation rsi, 6
    \operation rdi, 7
    \operation r8, 8
    \operation r9, 9
    \operation r12, 12
    \operation r13, 13
    \operation r14, 14
    \operation r15, 15
.endm
.macro keep_unwound register, number
    mov [rsp + 8 * \number], \register
.endm
.macro set_unwound register, number
    mov \register, [r10 + 8 * \number]
.endm

// Every pinned register is as it was at the call that the return address belongs to.
stub linocut_unwind
    mov rax, rsp
    sub rsp, UNWOUND_BYTES
    and rsp, -16
    mov [rsp + 8 * 4], rax
    each_unwound keep_unwound
    save_vectors UNWOUND_VECTORS + 64
    mov rdi, rsp
    mov rsi, r13
    call linocut_on_unwind
    test eax, eax
    jne linocut_exit
    restore_vectors UNWOUND_VECTORS + 64
    mov r10, rsp
    each_unwound set_unwound
    mov rax, [r10 + UNWOUND_PC]
    mov rsp, [r10 + 8 * 4]
    jmp rax

// Any register and flag may be live, and the stack pointer may be anything: only the word that holds the
// interrupted pc lies between here and the frame.
stub linocut_safepoint
    pushfq
    push rax
    push rcx
    push rdx
    push rbx
    push rbp
    push rsi
    push rdi
    push r8
    push r9
    push r10
    push r11
    push r12
    push r13
    push r14
    push r15
    cld
    mov rbp, rsp
    mov rcx, [rip + linocut_xsave_bytes]
    test rcx, rcx
    je 2f
    sub rsp, rcx
    and rsp, -64
    xor eax, eax
    mov [rsp + 512], rax            // xsave's header must be zero before it is written
    mov [rsp + 520], rax
    mov [rsp + 528], rax
    mov [rsp + 536], rax
    mov [rsp + 544], rax
    mov [rsp + 552], rax
    mov [rsp + 560], rax
    mov [rsp + 568], rax
    mov eax, -1
    mov edx, -1
    xsave64 [rsp]
    mov rdi, r13
    call linocut_on_safepoint
    test eax, eax
    jne linocut_exit
    mov eax, -1
    mov edx, -1
    xrstor64 [rsp]
1:  mov rsp, rbp
    pop r15
    pop r14
    pop r13
    pop r12
    pop r11
    pop r10
    pop r9
    pop r8
    pop rdi
    pop rsi
    pop rbp
    pop rbx
    pop rdx
    pop rcx
    pop rax
    popfq
    ret
2:  sub rsp, 512                    // a processor without xsave has no more vector state than this
    and rsp, -16
    fxsave64 [rsp]
    mov rdi, r13
    call linocut_on_safepoint
    test eax, eax
    jne linocut_exit
    fxrstor64 [rsp]
    jmp 1b

.section .data.rel.ro.local, "aw", @progbits
    .p2align 3
    .globl linocut_trap_stubs
    .hidden linocut_trap_stubs
linocut_trap_stubs:
.macro trap_address number
    .quad trap_\number
.endm
.set number, 0
.rept LC_TRAP_STUBS
    trap_address %number
    .set number, number + 1
.endr

.section .note.GNU-stack, "", @progbits
