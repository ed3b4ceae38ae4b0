// The vocabulary of row bodies (linocut_isa): C that compiles as a stencil, as a plain function, and as C++
// in the interpreter.
#ifndef LINOCUT_ABI_STENCIL_H
#define LINOCUT_ABI_STENCIL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef float f32;
typedef double f64;

#define S32(x) ((s32)(x))
#define S64(x) ((s64)(x))
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#define CLZ32(x) ((x) ? (u32)__builtin_clz(x) : 32u)
#define CTZ32(x) ((x) ? (u32)__builtin_ctz(x) : 32u)
#define POPCNT32(x) ((u32)__builtin_popcount(x))
#define CLZ64(x) ((x) ? (u64)__builtin_clzll(x) : 64u)
#define CTZ64(x) ((x) ? (u64)__builtin_ctzll(x) : 64u)
#define POPCNT64(x) ((u64)__builtin_popcountll(x))
#define ROTL32(x, n) ((x) << ((n) & 31) | (x) >> (-(n) & 31))
#define ROTR32(x, n) ((x) >> ((n) & 31) | (x) << (-(n) & 31))
#define ROTL64(x, n) ((x) << ((n) & 63) | (x) >> (-(n) & 63))
#define ROTR64(x, n) ((x) >> ((n) & 63) | (x) << (-(n) & 63))

#ifdef __cplusplus
#define BITS32(x) __builtin_bit_cast(u32, (f32)(x))
#define BITS64(x) __builtin_bit_cast(u64, (f64)(x))
#define FLOAT32(x) __builtin_bit_cast(f32, (u32)(x))
#define FLOAT64(x) __builtin_bit_cast(f64, (u64)(x))
#else
#define BITS32(x) (((union { f32 f; u32 u; }){.f = (x)}).u)
#define BITS64(x) (((union { f64 f; u64 u; }){.f = (x)}).u)
#define FLOAT32(x) (((union { u32 u; f32 f; }){.u = (x)}).f)
#define FLOAT64(x) (((union { u64 u; f64 f; }){.u = (x)}).f)
#endif

// Here p is a pointer to the bytes, which are there: whoever carries out an access has checked that.
#define LOAD(type, p) ({ type loaded; __builtin_memcpy(&loaded, p, sizeof loaded); loaded; })
#define STORE(type, p, v) ({ const type stored = (type)(v); __builtin_memcpy(p, &stored, sizeof stored); })

#define SIGN32 0x80000000u
#define SIGN64 0x8000000000000000ull
#define ABS32(x) FLOAT32(BITS32(x) & ~SIGN32)
#define ABS64(x) FLOAT64(BITS64(x) & ~SIGN64)
#define NEG32(x) FLOAT32(BITS32(x) ^ SIGN32)
#define NEG64(x) FLOAT64(BITS64(x) ^ SIGN64)
#define COPYSIGN32(x, y) FLOAT32((BITS32(x) & ~SIGN32) | (BITS32(y) & SIGN32))
#define COPYSIGN64(x, y) FLOAT64((BITS64(x) & ~SIGN64) | (BITS64(y) & SIGN64))
// Compilers' inline forms of these hand back a signalling NaN as it is; it must become a quiet one.
#define ROUND(function, x) ((x) == (x) ? function(x) : (x) + (x))
#define CEIL32(x) ROUND(__builtin_ceilf, x)
#define CEIL64(x) ROUND(__builtin_ceil, x)
#define FLOOR32(x) ROUND(__builtin_floorf, x)
#define FLOOR64(x) ROUND(__builtin_floor, x)
#define TRUNC32(x) ROUND(__builtin_truncf, x)
#define TRUNC64(x) ROUND(__builtin_trunc, x)
#define NEAREST32(x) ROUND(__builtin_nearbyintf, x)
#define NEAREST64(x) ROUND(__builtin_nearbyint, x)
#define SQRT32(x) __builtin_sqrtf(x)
#define SQRT64(x) __builtin_sqrt(x)

// §4.3.3: a NaN operand gives a quiet NaN (x + y makes one), and -0 < +0.
#define MIN32(x, y) ((x) < (y) ? (x) : (y) < (x) ? (y) : (x) == (y) ? FLOAT32(BITS32(x) | BITS32(y)) : (x) + (y))
#define MIN64(x, y) ((x) < (y) ? (x) : (y) < (x) ? (y) : (x) == (y) ? FLOAT64(BITS64(x) | BITS64(y)) : (x) + (y))
#define MAX32(x, y) ((x) > (y) ? (x) : (y) > (x) ? (y) : (x) == (y) ? FLOAT32(BITS32(x) & BITS32(y)) : (x) + (y))
#define MAX64(x, y) ((x) > (y) ? (x) : (y) > (x) ? (y) : (x) == (y) ? FLOAT64(BITS64(x) & BITS64(y)) : (x) + (y))

#endif
