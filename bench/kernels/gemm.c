// n = 30
// Matrix product C = A·B of doubles, 200 × 200, straight from the definition; n products.
#include "kernel.h"

#define SIZE 200

static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static void multiply(void)
{
    for (i32 i = 0; i < SIZE; i++)
        for (i32 j = 0; j < SIZE; j++) {
            double sum = 0;
            for (i32 k = 0; k < SIZE; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
}

EXPORT i64 run(i32 n)
{
    u64 sum = 0;
    for (i32 i = 0; i < SIZE; i++)
        for (i32 j = 0; j < SIZE; j++) {
            a[i][j] = (double)((i * j + 1) % SIZE) / SIZE;
            b[i][j] = (double)((i + 2 * j) % SIZE) / SIZE;
        }
    for (i32 round = 0; round < n; round++) {
        multiply();
        a[round % SIZE][0] += 1; // each product differs
        sum = mix_double(sum, c[round % SIZE][7]);
    }
    return (i64)sum;
}
