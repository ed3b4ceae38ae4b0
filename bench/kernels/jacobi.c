// n = 400
// A five-point stencil over a 400 × 400 matrix of doubles, n sweeps there and back.
#include "kernel.h"

#define SIZE 400

static double a[SIZE][SIZE], b[SIZE][SIZE];

static void sweep(double (*to)[SIZE], double (*from)[SIZE])
{
    for (i32 i = 1; i < SIZE - 1; i++)
        for (i32 j = 1; j < SIZE - 1; j++)
            to[i][j] = 0.2 * (from[i][j] + from[i][j - 1] + from[i][j + 1] + from[i - 1][j] + from[i + 1][j]);
}

EXPORT i64 run(i32 n)
{
    u64 sum = 0;
    for (i32 i = 0; i < SIZE; i++)
        for (i32 j = 0; j < SIZE; j++) {
            a[i][j] = (double)(i * (j + 2)) / SIZE;
            b[i][j] = (double)(i * (j + 3)) / SIZE;
        }
    for (i32 round = 0; round < n; round++) {
        sweep(b, a);
        sweep(a, b);
    }
    for (i32 i = 0; i < SIZE; i++)
        sum = mix_double(sum, a[i][(i * 31) % SIZE]);
    return (i64)sum;
}
