// n = 800000
// The longest Collatz sequence that starts below n, in 64 bits.
#include "kernel.h"

EXPORT i64 run(i32 n)
{
    i64 best = 0, longest = 0;
    for (i64 start = 1; start < n; start++) {
        u64 x = (u64)start;
        i64 steps = 0;
        while (x != 1) {
            x = x & 1 ? 3 * x + 1 : x / 2;
            steps++;
        }
        if (steps > longest) {
            longest = steps;
            best = start;
        }
    }
    return best * 100000 + longest;
}
