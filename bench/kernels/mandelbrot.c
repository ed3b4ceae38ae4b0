// n = 900
// The Mandelbrot set on n × n points, at most 200 rounds each.
#include "kernel.h"

static i32 rounds(double cx, double cy)
{
    double x = 0, y = 0;
    i32 i = 0;
    while (i < 200 && x * x + y * y <= 4) {
        double t = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = t;
        i++;
    }
    return i;
}

EXPORT i64 run(i32 n)
{
    u64 sum = 0;
    for (i32 i = 0; i < n; i++)
        for (i32 j = 0; j < n; j++)
            sum = mix(sum, (u64)rounds(3.0 * j / n - 2.2, 2.4 * i / n - 1.2));
    return (i64)sum;
}
