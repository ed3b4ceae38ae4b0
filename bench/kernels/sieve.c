// n = 35
// The sieve of Eratosthenes up to two million, a byte each; n times.
#include "kernel.h"

#define LIMIT 2000000

static u8 composite[LIMIT + 1];

static i32 count_primes(i32 limit)
{
    i32 count = 0;
    for (i32 i = 2; i <= limit; i++)
        composite[i] = 0;
    for (i32 i = 2; i <= limit; i++) {
        if (composite[i])
            continue;
        count++;
        for (i64 j = (i64)i * i; j <= limit; j += i)
            composite[j] = 1;
    }
    return count;
}

EXPORT i64 run(i32 n)
{
    u64 sum = 0;
    for (i32 round = 0; round < n; round++)
        sum = mix(sum, (u64)count_primes(LIMIT - round * 1000));
    return (i64)sum;
}
