// Dynamic programming: the cheapest order in which to multiply a chain of 320 matrices; n chains.
#include "arguments.h"
#include "bench.h"

#define SIZE 320

static int32_t cost[SIZE][SIZE];
static int32_t sides[SIZE + 1];  // matrix i has sides[i] rows and sides[i + 1] columns

static void choose_sides(uint64_t* state) {
    for (int i = 0; i <= SIZE; i++) sides[i] = (int32_t)(next_random(state) % 60) + 1;
}

static int32_t cheapest_split(int first, int last) {
    int32_t best = INT32_MAX;
    for (int k = first; k < last; k++) {
        int32_t product = sides[first] * sides[k + 1] * sides[last + 1];
        int32_t here = cost[first][k] + cost[k + 1][last] + product;
        if (here < best) best = here;
    }
    return best;
}

static void fill_costs(void) {
    for (int first = SIZE - 1; first >= 0; first--) {
        cost[first][first] = 0;
        for (int last = first + 1; last < SIZE; last++) cost[first][last] = cheapest_split(first, last);
    }
}

static uint64_t mix_costs(uint64_t sum) {
    for (int first = 0; first < SIZE; first++) {
        for (int last = first; last < SIZE; last++) sum = mix(sum, (uint64_t)cost[first][last]);
    }
    return sum;
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 20, 1000000);
    uint64_t state = 42, sum = 0;
    Instant from = bench_now();
    for (int round = 0; round < n; round++) {
        choose_sides(&state);
        fill_costs();
        sum = mix_costs(sum);
    }
    bench_report(from, bench_now(), sum);
    printf("answer %d\n", cost[0][SIZE - 1]);
    return 0;
}
