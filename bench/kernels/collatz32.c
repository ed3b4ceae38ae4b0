// n = 110000
// Collatz in 32 bits with plain if and else; below 113383 nothing overflows. Ten passes.
#include "kernel.h"

EXPORT i32 run(i32 n)
{
    u32 total = 0;
    for (i32 pass = 0; pass < 10; pass++)
        for (i32 start = 1; start < n; start++) {
            u32 x = (u32)start;
            u32 steps = 0;
            while (x != 1) {
                if (x % 2 == 0) {
                    x = x / 2;
                } else {
                    x = 3 * x + 1;
                }
                steps++;
            }
            total = total * 31 + steps;
        }
    return (i32)total;
}
