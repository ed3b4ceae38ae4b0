// The sieve of Eratosthenes up to two million, a byte for each number; n times, each up to 1000 less.
#include "arguments.h"
#include "bench.h"

#define LIMIT 2000000

static uint8_t composite[LIMIT + 1];

static int count_primes(int limit) {
    int count = 0;
    for (int i = 2; i <= limit; i++) composite[i] = 0;
    for (int i = 2; i <= limit; i++) {
        if (composite[i]) continue;
        count++;
        for (int64_t j = (int64_t)i * i; j <= limit; j += i) composite[j] = 1;
    }
    return count;
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 35, LIMIT / 1000);
    uint64_t sum = 0;
    int count = 0;
    Instant from = bench_now();
    for (int round = 0; round < n; round++) {
        count = count_primes(LIMIT - round * 1000);
        sum = mix(sum, (uint64_t)count);
    }
    bench_report(from, bench_now(), sum);
    printf("answer %d\n", count);
    return 0;
}
