// What every kernel includes: it exports run(n), which returns a checksum of all that it computed.
// Freestanding: the same file is compiled to wasm32 and, for comparison, to a native shared library.
#pragma once

typedef int i32;
typedef unsigned u32;
typedef long long i64;
typedef unsigned long long u64;
typedef unsigned char u8;

#if defined(__wasm__)
#define EXPORT __attribute__((export_name("run")))
#else
#define EXPORT __attribute__((visibility("default")))
#endif
#define NOINLINE __attribute__((noinline))

// Numbers that no compiler can foresee (a linear congruential generator, Knuth's MMIX constants).
static inline u32 next_random(u64 *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (u32)(*state >> 33);
}

// Mixes a number into a checksum so that order and every bit count.
static inline u64 mix(u64 sum, u64 value)
{
    sum ^= value;
    return ((sum << 13) | (sum >> 51)) * 0x9E3779B97F4A7C15ull;
}

static inline u64 mix_double(u64 sum, double value)
{
    union {
        double number;
        u64 bits;
    } view = {value};
    return mix(sum, view.bits);
}
