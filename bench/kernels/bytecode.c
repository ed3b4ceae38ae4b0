// n = 3000000
// An interpreter of a small stack machine, one switch in a loop, running a loop of n rounds.
#include "kernel.h"

enum Op { PUSH, LOAD, STORE, ADD, SUB, MUL, AND, XOR, SHR, LESS, DUP, SWAP, DROP, JUMP, JUMP_IF, HALT };

static const i32 program[] = {
    PUSH, 0,  STORE, 0,                                     // i = 0
    PUSH, 1,  STORE, 1,                                     // x = 1
    LOAD, 1,  PUSH,  1103515245, MUL,  PUSH, 12345, ADD,    // 8: x = x * a + c
    DUP,  STORE, 1,                                         //
    PUSH, 16, SHR,   PUSH, 7, AND, PUSH, 3, LESS,           // if ((x >> 16 & 7) < 3)
    JUMP_IF, 39,                                            //
    LOAD, 2,  LOAD,  1, XOR,  STORE, 2, JUMP, 46,           // else: y ^= x
    LOAD, 2,  PUSH,  3, ADD,  STORE, 2,                     // 39, then: y += 3
    LOAD, 0,  PUSH,  1, ADD,  DUP, STORE, 0,                // 46: i++
    LOAD, 3,  LESS,  JUMP_IF, 8,                            // while (i < n)
    HALT,
};

static i32 interpret(const i32 *code, i32 *vars)
{
    i32 stack[16];
    i32 *top = stack;
    for (i32 pc = 0;;) {
        i32 t;
        switch ((enum Op)code[pc++]) {
        case PUSH: *top++ = code[pc++]; break;
        case LOAD: *top++ = vars[code[pc++]]; break;
        case STORE: vars[code[pc++]] = *--top; break;
        case ADD: top--, top[-1] = (i32)((u32)top[-1] + (u32)top[0]); break;
        case SUB: top--, top[-1] = (i32)((u32)top[-1] - (u32)top[0]); break;
        case MUL: top--, top[-1] = (i32)((u32)top[-1] * (u32)top[0]); break;
        case AND: top--, top[-1] &= top[0]; break;
        case XOR: top--, top[-1] ^= top[0]; break;
        case SHR: top--, top[-1] = (i32)((u32)top[-1] >> (top[0] & 31)); break;
        case LESS: top--, top[-1] = top[-1] < top[0]; break;
        case DUP: top[0] = top[-1], top++; break;
        case SWAP: t = top[-1], top[-1] = top[-2], top[-2] = t; break;
        case DROP: top--; break;
        case JUMP: pc = code[pc]; break;
        case JUMP_IF: pc = *--top ? code[pc] : pc + 1; break;
        case HALT: return vars[2];
        }
    }
}

EXPORT i32 run(i32 n)
{
    i32 vars[4] = {0, 0, 0, n};
    return interpret(program, vars);
}
