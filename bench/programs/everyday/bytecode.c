// An interpreter of a small stack machine, one switch in a loop, running a loop of n rounds.
#include "arguments.h"
#include "bench.h"

// clang-format off
typedef enum {
    PUSH, LOAD, STORE, ADD, SUB, MUL, AND, XOR, SHR, LESS, DUP, SWAP, DROP, JUMP, JUMP_IF, HALT
} Op;

static const int32_t program[] = {
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
// clang-format on

// The variables hold the results.
static void interpret(const int32_t* code, int32_t* variables) {
    int32_t stack[16] = {0};
    int32_t* top = stack;
    for (int32_t pc = 0;;) {
        int32_t kept;
        switch ((Op)code[pc++]) {
        case PUSH: *top++ = code[pc++]; break;
        case LOAD: *top++ = variables[code[pc++]]; break;
        case STORE: variables[code[pc++]] = *--top; break;
        case ADD: top--, top[-1] = (int32_t)((uint32_t)top[-1] + (uint32_t)top[0]); break;
        case SUB: top--, top[-1] = (int32_t)((uint32_t)top[-1] - (uint32_t)top[0]); break;
        case MUL: top--, top[-1] = (int32_t)((uint32_t)top[-1] * (uint32_t)top[0]); break;
        case AND: top--, top[-1] &= top[0]; break;
        case XOR: top--, top[-1] ^= top[0]; break;
        case SHR: top--, top[-1] = (int32_t)((uint32_t)top[-1] >> (top[0] & 31)); break;
        case LESS: top--, top[-1] = top[-1] < top[0]; break;
        case DUP: top[0] = top[-1], top++; break;
        case SWAP: kept = top[-1], top[-1] = top[-2], top[-2] = kept; break;
        case DROP: top--; break;
        case JUMP: pc = code[pc]; break;
        case JUMP_IF: pc = *--top ? code[pc] : pc + 1; break;
        case HALT: return;
        }
    }
}

int main(int argc, char** argv) {
    int32_t variables[4] = {0, 0, 0, work_size(argc, argv, 3000000, 2000000000)};
    Instant from = bench_now();
    interpret(program, variables);
    uint64_t sum = 0;
    for (int i = 0; i < 4; i++) sum = mix(sum, (uint64_t)variables[i]);
    bench_report(from, bench_now(), sum);
    printf("answer %d %d\n", variables[1], variables[2]);
    return 0;
}
