// n = 20
// Quicksort of 100 000 numbers: Hoare's partition, recursion into both halves; n arrays.
#include "kernel.h"

#define SIZE 100000

static i32 items[SIZE];

static void sort(i32 *low, i32 *high)
{
    while (low < high) {
        i32 pivot = low[(high - low) / 2];
        i32 *i = low, *j = high;
        while (i <= j) {
            while (*i < pivot)
                i++;
            while (*j > pivot)
                j--;
            if (i <= j) {
                i32 t = *i;
                *i++ = *j;
                *j-- = t;
            }
        }
        sort(low, j);
        low = i;
    }
}

EXPORT i64 run(i32 n)
{
    u64 state = 1, sum = 0;
    for (i32 round = 0; round < n; round++) {
        for (i32 i = 0; i < SIZE; i++)
            items[i] = (i32)next_random(&state);
        sort(items, items + SIZE - 1);
        for (i32 i = 0; i < SIZE; i += 97)
            sum = mix(sum, (u64)items[i]);
    }
    return (i64)sum;
}
