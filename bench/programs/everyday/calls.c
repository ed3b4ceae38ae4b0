// Calls with five arguments of mixed types, three deep, n times.
#include "arguments.h"
#include "bench.h"

static NOINLINE uint64_t inner(int32_t a, uint64_t b, int32_t c, double d, int32_t e) {
    return b + (uint64_t)((int64_t)a * c - e) + (d > 0.5 ? 1 : 0);
}

static NOINLINE uint64_t middle(uint64_t a, int32_t b, double c, int32_t d, int32_t e) {
    return inner(b, a, d, c, e) ^ inner(e, a + 1, b, c * 0.5, d);
}

static NOINLINE uint64_t outer(int32_t a, int32_t b, int32_t c, uint64_t d, double e) {
    return middle(d, a, e, b, c) + middle(d + 1, c, e, a, b);
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 12000000, 2000000000);
    uint64_t sum = 0;
    double x = 0.1;
    Instant from = bench_now();
    for (int32_t i = 0; i < n; i++) {
        sum += outer(i, i ^ 5, i & 15, sum, x);
        x = x > 1.0 ? x - 1.0 : x + 0.37;
    }
    bench_report(from, bench_now(), mix_double(sum, x));
    return 0;
}
