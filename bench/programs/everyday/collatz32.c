// Collatz in 32 bits with plain if and else, as it stands in textbooks: the lengths of all sequences that start
// below n, ten times.
#include "arguments.h"
#include "bench.h"

static uint32_t add_lengths(uint32_t below, uint32_t total) {
    for (uint32_t start = 1; start < below; start++) {
        uint32_t x = start;
        uint32_t steps = 0;
        while (x != 1) {
            if (x % 2 == 0) {
                x = x / 2;
            } else {
                x = 3 * x + 1;
            }
            steps++;
        }
        total = total * 31 + steps;
    }
    return total;
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 110000, 113383);  // the sequence of 113383 leaves 32 bits
    uint32_t total = 0;
    Instant from = bench_now();
    for (int pass = 0; pass < 10; pass++) total = add_lengths((uint32_t)n, total);
    bench_report(from, bench_now(), mix(0, total));
    printf("answer %u\n", total);
    return 0;
}
