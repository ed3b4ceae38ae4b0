// n = 20
// Dynamic programming: the cheapest order in which to multiply a chain of 320 matrices; n chains.
#include "kernel.h"

#define SIZE 320

static i32 cost[SIZE][SIZE];
static i32 dims[SIZE + 1];

static i32 cheapest(void)
{
    for (i32 i = SIZE - 1; i >= 0; i--) {
        cost[i][i] = 0;
        for (i32 j = i + 1; j < SIZE; j++) {
            i32 best = 0x7fffffff;
            for (i32 k = i; k < j; k++) {
                i32 here = cost[i][k] + cost[k + 1][j] + dims[i] * dims[k + 1] * dims[j + 1];
                if (here < best)
                    best = here;
            }
            cost[i][j] = best;
        }
    }
    return cost[0][SIZE - 1];
}

EXPORT i64 run(i32 n)
{
    u64 state = 42, sum = 0;
    for (i32 round = 0; round < n; round++) {
        for (i32 i = 0; i <= SIZE; i++)
            dims[i] = (i32)(next_random(&state) % 60) + 1;
        sum = mix(sum, (u64)cheapest());
    }
    return (i64)sum;
}
