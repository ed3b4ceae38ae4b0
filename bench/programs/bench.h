// What every program includes. A program is a WASI command that times its own kernel, so that neither the
// engine's start nor its compiler is in the figure, and prints three lines that `linocut bench` reads:
//
//     kernel_seconds 0.012345678
//     kernel_clock process_cpu
//     checksum 0123456789abcdef
//
// The same file is compiled for wasm32-wasi and for this machine; the checksums must agree bit by bit.
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__wasi__)
#include <wasi/api.h>
#else
#include <time.h>
#endif

#define NOINLINE __attribute__((noinline))

typedef struct {
    const char* clock;
    uint64_t nanoseconds;
} Instant;

// The process's CPU time, which a busy machine does not stretch; where an engine refuses it, the wall clock.
static inline Instant bench_read_clock(void) {
#if defined(__wasi__)
    __wasi_timestamp_t time = 0;
    if (__wasi_clock_time_get(__WASI_CLOCKID_PROCESS_CPUTIME_ID, 1, &time) == 0)
        return (Instant){"process_cpu", time};
    if (__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &time) != 0) exit(3);
    return (Instant){"monotonic", time};
#else
    struct timespec time;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) != 0) exit(3);
    return (Instant){"process_cpu", (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec};
#endif
}

// A host that is written in Python takes ten times as long for its first answer as for the others.
static inline Instant bench_now(void) {
    static int is_warm;
    if (!is_warm) bench_read_clock();
    is_warm = 1;
    return bench_read_clock();
}

static inline void bench_report(Instant from, Instant to, uint64_t checksum) {
    printf("kernel_seconds %.9f\n", (double)(to.nanoseconds - from.nanoseconds) / 1e9);
    printf("kernel_clock %s\nchecksum %016llx\n", to.clock, (unsigned long long)checksum);
}

// Numbers that no compiler can foresee (a linear congruential generator, Knuth's MMIX constants).
static inline uint32_t next_random(uint64_t* state) {
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(*state >> 33);
}

// Mixes a number into a checksum so that order and every bit count.
static inline uint64_t mix(uint64_t sum, uint64_t value) {
    sum ^= value;
    return ((sum << 13) | (sum >> 51)) * 0x9E3779B97F4A7C15ull;
}

static inline uint64_t mix_double(uint64_t sum, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return mix(sum, bits);
}
