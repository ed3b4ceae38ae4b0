// Lines found by their ends: a text of 64 KB with lines of up to 255 letters is read n times.
#include "arguments.h"
#include "vectors.h"

#define SIZE 65536

static char text[SIZE + 16];  // a vector may reach beyond the end

// The first `wanted` at or after `at`; `end` if there is none.
#ifdef SCALAR
NOINLINE static const char* find(const char* at, const char* end, char wanted) {
    while (at < end && *at != wanted) at++;
    return at;
}
#else
NOINLINE static const char* find(const char* at, const char* end, char wanted) {
    U8x16 pattern = (U8x16){0} + (uint8_t)wanted;
    for (; at < end; at += 16) {
        uint32_t found = highest_bits((U8x16)(load_bytes(at) == pattern));
        if (found == 0) continue;
        at += __builtin_ctz(found);
        return at < end ? at : end;
    }
    return end;
}
#endif

static void write_text(void) {
    uint64_t state = 31;
    for (int left = 0, i = 0; i < SIZE; i++) {
        if (left == 0) left = (int)(next_random(&state) & 0xFF) + 1;
        text[i] = --left == 0 ? '\n' : (char)('a' + next_random(&state) % 26);
    }
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 8000, 100000000);
    uint64_t sum = 0;
    write_text();
    Instant from = bench_now();
    for (int round = 0; round < n; round++) {
        const char *start = text + round % 256, *end = text + SIZE;
        uint64_t places = 0;
        for (const char* at = find(start, end, '\n'); at < end; at = find(at + 1, end, '\n'))
            places = places * 31 + (uint64_t)(at - text);
        sum = mix(sum, places);
    }
    bench_report(from, bench_now(), sum);
    return 0;
}
