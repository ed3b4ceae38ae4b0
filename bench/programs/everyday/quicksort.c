// Quicksort of 100 000 numbers: Hoare's partition, recursion into both halves; n arrays.
#include "arguments.h"
#include "bench.h"

#define SIZE 100000

static int32_t items[SIZE];

static void sort(int32_t* low, int32_t* high) {
    while (low < high) {
        int32_t pivot = low[(high - low) / 2];
        int32_t *i = low, *j = high;
        while (i <= j) {
            while (*i < pivot) i++;
            while (*j > pivot) j--;
            if (i <= j) {
                int32_t kept = *i;
                *i++ = *j;
                *j-- = kept;
            }
        }
        sort(low, j);
        low = i;
    }
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 25, 1000000);
    uint64_t state = 1, sum = 0;
    Instant from = bench_now();
    for (int round = 0; round < n; round++) {
        for (int i = 0; i < SIZE; i++) items[i] = (int32_t)next_random(&state);
        sort(items, items + SIZE - 1);
        for (int i = 0; i < SIZE; i++) sum = mix(sum, (uint64_t)items[i]);
    }
    bench_report(from, bench_now(), sum);
    return 0;
}
