// n = 12000000
// Calls with five arguments of mixed types, three deep, n times.
#include "kernel.h"

static NOINLINE i64 inner(i32 a, i64 b, i32 c, double d, i32 e)
{
    return b + (i64)a * c - e + (d > 0.5 ? 1 : 0);
}

static NOINLINE i64 middle(i64 a, i32 b, double c, i32 d, i32 e)
{
    return inner(b, a, d, c, e) ^ inner(e, a + 1, b, c * 0.5, d);
}

static NOINLINE i64 outer(i32 a, i32 b, i32 c, i64 d, double e)
{
    return middle(d, a, e, b, c) + middle(d + 1, c, e, a, b);
}

EXPORT i64 run(i32 n)
{
    i64 sum = 0;
    double x = 0.1;
    for (i32 i = 0; i < n; i++) {
        sum += outer(i, i ^ 5, i & 15, sum, x);
        x = x > 1.0 ? x - 1.0 : x + 0.37;
    }
    return sum;
}
