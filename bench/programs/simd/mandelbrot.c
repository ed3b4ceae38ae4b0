// The Mandelbrot set on n × n points in single floats, at most 200 rounds each.
#include "arguments.h"
#include "vectors.h"

#define ROUNDS 200
#define MOST 40000

#ifdef SCALAR
enum { POINTS = 1 };

static inline void count_rounds(const float* cxs, float cy, int* counts) {
    float x = 0, y = 0;
    int i = 0;
    while (i < ROUNDS && x * x + y * y <= 4) {
        float t = x * x - y * y + *cxs;
        y = 2 * x * y + cy;
        x = t;
        i++;
    }
    *counts = i;
}
#else
enum { POINTS = 4 };

// Four points side by side, until the last of them is outside: one that has left never comes back.
static inline void count_rounds(const float* cxs, float cy, int* counts) {
    F32x4 cx, x = {0}, y = {0};
    memcpy(&cx, cxs, sizeof cx);
    I32x4 rounds = {0};
    for (int i = 0; i < ROUNDS; i++) {
        F32x4 xx = x * x, yy = y * y;
        I32x4 inside = xx + yy <= 4;
        if (!is_any_set((U8x16)inside)) break;
        rounds -= inside;
        y = 2 * x * y + cy;
        x = xx - yy + cx;
    }
    memcpy(counts, &rounds, sizeof rounds);
}
#endif

static uint64_t mix_row(uint64_t sum, const int* counts, int n) {
    for (int j = 0; j < n; j++) sum = mix(sum, (uint64_t)counts[j]);
    return sum;
}

int main(int argc, char** argv) {
    static float cxs[MOST + POINTS];
    static int counts[MOST + POINTS];
    int n = work_size(argc, argv, 1200, MOST);
    uint64_t sum = 0;
    for (int j = 0; j < n; j++) cxs[j] = 3.0f * (float)j / (float)n - 2.2f;
    Instant from = bench_now();
    for (int i = 0; i < n; i++) {
        float cy = 2.4f * (float)i / (float)n - 1.2f;
        for (int j = 0; j < n; j += POINTS) count_rounds(cxs + j, cy, counts + j);
        sum = mix_row(sum, counts, n);
    }
    bench_report(from, bench_now(), sum);
    return 0;
}
