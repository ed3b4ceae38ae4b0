// Fibonacci numbers by plain recursion: nothing but calls, comparisons and additions.
#include "arguments.h"
#include "bench.h"

static NOINLINE int32_t fib(int32_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 39, 46);  // the 47th has no room in 32 bits
    Instant from = bench_now();
    int32_t number = fib(n);
    bench_report(from, bench_now(), mix(0, (uint64_t)number));
    printf("answer %d\n", number);
    return 0;
}
