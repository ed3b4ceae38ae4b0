// Vectors of 16 bytes in the notation that gcc and clang share, and the operations that it lacks. Each program of
// this folder is built twice: with these, and with -DSCALAR as its twin, which computes the same without vectors.
#pragma once

#include "bench.h"

#ifndef SCALAR

typedef float F32x4 __attribute__((vector_size(16)));
typedef int32_t I32x4 __attribute__((vector_size(16)));
typedef uint32_t U32x4 __attribute__((vector_size(16)));
typedef uint16_t U16x8 __attribute__((vector_size(16)));
typedef uint8_t U8x16 __attribute__((vector_size(16)));
typedef int8_t I8x16 __attribute__((vector_size(16)));
typedef char Char16 __attribute__((vector_size(16)));
typedef uint8_t U8x8 __attribute__((vector_size(8)));

static inline U8x16 load_bytes(const void* from) {
    U8x16 bytes;
    memcpy(&bytes, from, sizeof bytes);
    return bytes;
}

// For each byte of `places` the byte of `from` there: those up to 15, and 0 for those from 128 on. Others differ
// between processors.
static inline U8x16 look_up(U8x16 from, U8x16 places) {
#if defined(__wasm_simd128__)
    return (U8x16)__builtin_wasm_swizzle_i8x16((I8x16)from, (I8x16)places);
#elif defined(__SSSE3__)
    return (U8x16)__builtin_ia32_pshufb128((Char16)from, (Char16)places);
#else
    U8x16 found;
    for (int i = 0; i < 16; i++) found[i] = places[i] < 16 ? from[places[i]] : 0;
    return found;
#endif
}

// The highest bit of each byte, that of the first byte lowest.
static inline uint32_t highest_bits(U8x16 bytes) {
#if defined(__wasm_simd128__)
    return (uint32_t)__builtin_wasm_bitmask_i8x16((I8x16)bytes);
#elif defined(__SSE2__)
    return (uint32_t)__builtin_ia32_pmovmskb128((Char16)bytes);
#else
    uint32_t bits = 0;
    for (int i = 0; i < 16; i++) bits |= (uint32_t)(bytes[i] >> 7) << i;
    return bits;
#endif
}

static inline bool is_any_set(U8x16 bytes) {
#if defined(__wasm_simd128__)
    return __builtin_wasm_any_true_v128((I8x16)bytes);
#else
    return highest_bits((U8x16)(bytes != 0)) != 0;
#endif
}

// a − b, and 0 where that is below 0.
static inline U8x16 subtract_down_to_0(U8x16 a, U8x16 b) {
#if defined(__wasm_simd128__)
    return __builtin_elementwise_sub_sat(a, b);
#elif defined(__SSE2__) && !defined(__clang__)
    return (U8x16)__builtin_ia32_psubusb128((Char16)a, (Char16)b);
#else
    return (a - b) & (U8x16)(a > b);
#endif
}

#endif
