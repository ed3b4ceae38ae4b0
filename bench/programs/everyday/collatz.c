// The longest Collatz sequence that starts below n, in 64 bits.
#include "arguments.h"
#include "bench.h"

typedef struct {
    int64_t start, steps;
} Sequence;

static int64_t count_steps(uint64_t x) {
    int64_t steps = 0;
    for (; x != 1; steps++) x = x & 1 ? 3 * x + 1 : x / 2;
    return steps;
}

static Sequence find_longest(int64_t below, uint64_t* sum) {
    Sequence longest = {0, 0};
    for (int64_t start = 1; start < below; start++) {
        int64_t steps = count_steps((uint64_t)start);
        *sum = mix(*sum, (uint64_t)steps);
        if (steps > longest.steps) longest = (Sequence){start, steps};
    }
    return longest;
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 800000, 1000000000);
    uint64_t sum = 0;
    Instant from = bench_now();
    Sequence longest = find_longest(n, &sum);
    bench_report(from, bench_now(), sum);
    printf("answer %lld %lld\n", (long long)longest.start, (long long)longest.steps);
    return 0;
}
