// n = 100
// LU decomposition without pivoting of a diagonally dominant matrix, 160 × 160; n times.
#include "kernel.h"

#define SIZE 160

static double m[SIZE][SIZE];

static void fill(i32 seed)
{
    for (i32 i = 0; i < SIZE; i++)
        for (i32 j = 0; j < SIZE; j++)
            m[i][j] = (double)((i * 7 + j * 3 + seed) % 11) / 11 + (i == j ? SIZE : 0);
}

static void decompose(void)
{
    for (i32 i = 0; i < SIZE; i++) {
        for (i32 j = 0; j < i; j++) {
            for (i32 k = 0; k < j; k++)
                m[i][j] -= m[i][k] * m[k][j];
            m[i][j] /= m[j][j];
        }
        for (i32 j = i; j < SIZE; j++)
            for (i32 k = 0; k < i; k++)
                m[i][j] -= m[i][k] * m[k][j];
    }
}

EXPORT i64 run(i32 n)
{
    u64 sum = 0;
    for (i32 round = 0; round < n; round++) {
        fill(round);
        decompose();
        for (i32 i = 0; i < SIZE; i++)
            sum = mix_double(sum, m[i][SIZE - 1 - i]);
    }
    return (i64)sum;
}
