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

// Vectors: what a row calls v128, and the same bits as lanes. Those of 8 and of 32 bytes hold lanes that become
// wider, or that were.
typedef u64 v128 __attribute__((vector_size(16)));
#define VECTORS(lane, of_8, of_16, of_32)                \
    typedef lane of_8 __attribute__((vector_size(8)));   \
    typedef lane of_16 __attribute__((vector_size(16))); \
    typedef lane of_32 __attribute__((vector_size(32)));
VECTORS(s8, s8x8, s8x16, s8x32)
VECTORS(u8, u8x8, u8x16, u8x32)
VECTORS(s16, s16x4, s16x8, s16x16)
VECTORS(u16, u16x4, u16x8, u16x16)
VECTORS(s32, s32x2, s32x4, s32x8)
VECTORS(u32, u32x2, u32x4, u32x8)
VECTORS(s64, s64x1, s64x2, s64x4)
VECTORS(u64, u64x1, u64x2, u64x4)
VECTORS(f32, f32x2, f32x4, f32x8)
VECTORS(f64, f64x1, f64x2, f64x4)
#undef VECTORS

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
#define BITS32(x)  \
    (((union {     \
         f32 f;    \
         u32 u;    \
     }){.f = (x)}) \
         .u)
#define BITS64(x)  \
    (((union {     \
         f64 f;    \
         u64 u;    \
     }){.f = (x)}) \
         .u)
#define FLOAT32(x) \
    (((union {     \
         u32 u;    \
         f32 f;    \
     }){.u = (x)}) \
         .f)
#define FLOAT64(x) \
    (((union {     \
         u64 u;    \
         f64 f;    \
     }){.u = (x)}) \
         .f)
#endif

// Here p is a pointer to the bytes, which are there: whoever carries out an access has checked that.
#define LOAD(type, p)                                \
    ({                                               \
        type loaded;                                 \
        __builtin_memcpy(&loaded, p, sizeof loaded); \
        loaded;                                      \
    })
#define STORE(type, p, v)                            \
    ({                                               \
        const type stored = (type)(v);               \
        __builtin_memcpy(p, &stored, sizeof stored); \
    })


// Atomic accesses, each in one order with all others. p is as above, and aligned; what is not as wide as memory's bits
// loses its upper ones first.
#define ATOMIC_LOAD(type, p) __atomic_load_n((type*)(p), __ATOMIC_SEQ_CST)
#define ATOMIC_STORE(type, p, v) __atomic_store_n((type*)(p), (type)(v), __ATOMIC_SEQ_CST)
#define ATOMIC_ADD(type, p, v) __atomic_fetch_add((type*)(p), (type)(v), __ATOMIC_SEQ_CST)
#define ATOMIC_SUB(type, p, v) __atomic_fetch_sub((type*)(p), (type)(v), __ATOMIC_SEQ_CST)
#define ATOMIC_AND(type, p, v) __atomic_fetch_and((type*)(p), (type)(v), __ATOMIC_SEQ_CST)
#define ATOMIC_OR(type, p, v) __atomic_fetch_or((type*)(p), (type)(v), __ATOMIC_SEQ_CST)
#define ATOMIC_XOR(type, p, v) __atomic_fetch_xor((type*)(p), (type)(v), __ATOMIC_SEQ_CST)
#define ATOMIC_XCHG(type, p, v) __atomic_exchange_n((type*)(p), (type)(v), __ATOMIC_SEQ_CST)
#define ATOMIC_CMPXCHG(type, p, expected, v)                                           \
    ({                                                                                 \
        type found = (type)(expected);                                                 \
        __atomic_compare_exchange_n((type*)(p), &found, (type)(v), 0, __ATOMIC_SEQ_CST, \
                                    __ATOMIC_SEQ_CST);                                 \
        found;                                                                         \
    })

#define SIGN32 0x80000000u
#define SIGN64 0x8000000000000000ull
#define ABS32(x) FLOAT32(BITS32(x) & ~SIGN32)
#define ABS64(x) FLOAT64(BITS64(x) & ~SIGN64)
#define NEG32(x) FLOAT32(BITS32(x) ^ SIGN32)
#define NEG64(x) FLOAT64(BITS64(x) ^ SIGN64)
#define COPYSIGN32(x, y) FLOAT32((BITS32(x) & ~SIGN32) | (BITS32(y) & SIGN32))
#define COPYSIGN64(x, y) FLOAT64((BITS64(x) & ~SIGN64) | (BITS64(y) & SIGN64))
// Compilers' inline forms of these return a signalling NaN unchanged; it must become a quiet one.
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
#define MIN32(x, y) \
    ((x) < (y) ? (x) : (y) < (x) ? (y) : (x) == (y) ? FLOAT32(BITS32(x) | BITS32(y)) : (x) + (y))
#define MIN64(x, y) \
    ((x) < (y) ? (x) : (y) < (x) ? (y) : (x) == (y) ? FLOAT64(BITS64(x) | BITS64(y)) : (x) + (y))
#define MAX32(x, y) \
    ((x) > (y) ? (x) : (y) > (x) ? (y) : (x) == (y) ? FLOAT32(BITS32(x) & BITS32(y)) : (x) + (y))
#define MAX64(x, y) \
    ((x) > (y) ? (x) : (y) > (x) ? (y) : (x) == (y) ? FLOAT64(BITS64(x) & BITS64(y)) : (x) + (y))

// ── vectors ──
// Here in C that every compiler understands. Where clang does not find a processor's instruction by itself, stencils are
// made with a word of the same meaning (stencilgen/targets).
#define CONVERT(type, v) __builtin_convertvector(v, type)
// Bits of x where the mask has ones, bits of y elsewhere. What compares lanes gives such a mask.
#define CHOOSE(mask, x, y) (((v128)(x) & (v128)(mask)) | ((v128)(y) & ~(v128)(mask)))
#define SPLAT(type, x) ((type){} + (x))
#define REPLACE(type, v, lane, x)  \
    ({                             \
        type replaced = (type)(v); \
        replaced[lane] = x;        \
        (v128) replaced;           \
    })

// The lower half of the lanes, or the upper one, by how many there are; two vectors behind each other; the lanes with
// an even number, or an odd one.
#define LOW_4(v) __builtin_shufflevector(v, v, 0, 1)
#define LOW_8(v) __builtin_shufflevector(v, v, 0, 1, 2, 3)
#define LOW_16(v) __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)
#define HIGH_4(v) __builtin_shufflevector(v, v, 2, 3)
#define HIGH_8(v) __builtin_shufflevector(v, v, 4, 5, 6, 7)
#define HIGH_16(v) __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15)
#define JOIN_2(x, y) __builtin_shufflevector(x, y, 0, 1, 2, 3)
#define JOIN_4(x, y) __builtin_shufflevector(x, y, 0, 1, 2, 3, 4, 5, 6, 7)
#define JOIN_8(x, y) __builtin_shufflevector(x, y, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#define EVEN_8(v) __builtin_shufflevector(v, v, 0, 2, 4, 6)
#define ODD_8(v) __builtin_shufflevector(v, v, 1, 3, 5, 7)

// Of integers.
#define LESSER(type, x, y)                                           \
    ({                                                               \
        const type left = x, right = y, mask = (type)(left < right); \
        (left & mask) | (right & ~mask);                             \
    })
#define GREATER(type, x, y)                                          \
    ({                                                               \
        const type left = x, right = y, mask = (type)(left > right); \
        (left & mask) | (right & ~mask);                             \
    })
#define CLAMP(type, x, least, most) LESSER(type, GREATER(type, x, SPLAT(type, least)), SPLAT(type, most))
#define SHIFT(type, lane, v, operator, n) ((type)(v) operator(lane)((n) & (8 * sizeof(lane) - 1)))
#define HAS_BITS(v) ((((v128)(v))[0] | ((v128)(v))[1]) != 0)
#define SIGNS(type, v)                                                                           \
    ({                                                                                           \
        const type from = (type)(v);                                                             \
        u32 signs = 0;                                                                           \
        for (u32 i = 0; i < sizeof from / sizeof from[0]; i++) signs |= (u32)(from[i] < 0) << i; \
        signs;                                                                                   \
    })
#define SIGNS_8X16(v) SIGNS(s8x16, v)
#define SIGNS_16X8(v) SIGNS(s16x8, v)
#define SIGNS_32X4(v) SIGNS(s32x4, v)
#define SIGNS_64X2(v) SIGNS(s64x2, v)
#define POPCNT_8X16(v)                                                   \
    ({                                                                   \
        const u8x16 in_1 = (u8x16)(v), in_2 = in_1 - (in_1 >> 1 & 0x55); \
        const u8x16 in_4 = (in_2 & 0x33) + (in_2 >> 2 & 0x33);           \
        (in_4 + (in_4 >> 4)) & 0x0F;                                       \
    })
// Byte i is that which byte i of `places` counts out, or 0 where there are not so many.
#define SWIZZLE(v, places)                                                    \
    ({                                                                        \
        const u8x16 from = (u8x16)(v), at = (u8x16)(places);                  \
        u8x16 found;                                                          \
        for (u32 i = 0; i < 16; i++) found[i] = at[i] < 16 ? from[at[i]] : 0; \
        found;                                                                \
    })
// The same, but only the top bit of a place is a reason for 0.
#define SWIZZLE_MODULO(v, places) SWIZZLE(v, (u8x16)(places) & 0x8F)
#define SHUFFLE(x, y, places) ((v128)SWIZZLE(x, places) | (v128)SWIZZLE(y, (u8x16)(places) - 16))
// Products of fractions, rounded; -1 times -1 is -1.
#define MULTIPLY_Q15(x, y) \
    CONVERT(s16x8, (CONVERT(s32x8, (s16x8)(x)) * CONVERT(s32x8, (s16x8)(y)) + 0x4000) >> 15)
// Sums of neighbours; of neighbouring products.
#define PAIR_SUMS_S8X16(v) (((s16x8)(v) >> 8) + ((s16x8)((u16x8)(v) << 8) >> 8))
#define PAIR_SUMS_U8X16(v) (((u16x8)(v) >> 8) + ((u16x8)(v) & 0xFF))
#define PAIR_SUMS_S16X8(v) (((s32x4)(v) >> 16) + ((s32x4)((u32x4)(v) << 16) >> 16))
#define PAIR_SUMS_U16X8(v) (((u32x4)(v) >> 16) + ((u32x4)(v) & 0xFFFF))
#define DOT_16X8(x, y)                                                                  \
    ({                                                                                  \
        const s32x8 products = CONVERT(s32x8, (s16x8)(x)) * CONVERT(s32x8, (s16x8)(y)); \
        EVEN_8(products) + ODD_8(products);                                             \
    })
// Those of x's signed bytes and y's unsigned ones: sums too large for a lane become the nearest number.
#define DOT_8X16(x, y)                                                           \
    ({                                                                           \
        const s16x8 even = (s16x8)((u16x8)(x) << 8) >> 8, odd = (s16x8)(x) >> 8; \
        const s32x8 sums = CONVERT(s32x8, even * (s16x8)((u16x8)(y) & 0xFF)) +   \
                           CONVERT(s32x8, odd * (s16x8)((u16x8)(y) >> 8));       \
        CONVERT(s16x8, CLAMP(s32x8, sums, -32768, 32767));                       \
    })
// The same with both signed.
#define DOT_S8X16(x, y)                                                              \
    ({                                                                               \
        const s16x8 even = (s16x8)((u16x8)(x) << 8) >> 8, odd = (s16x8)(x) >> 8;     \
        const s32x8 sums = CONVERT(s32x8, even * ((s16x8)((u16x8)(y) << 8) >> 8)) +  \
                           CONVERT(s32x8, odd * ((s16x8)(y) >> 8));                  \
        CONVERT(s16x8, CLAMP(s32x8, sums, -32768, 32767));                           \
    })
#define DOT_ADD_S8X16(x, y, z) (DOT_16X8(DOT_S8X16(x, y), SPLAT(s16x8, 1)) + (s32x4)(z))

// Of floats.
// x * y + z, rounded once.
#define FUSE_32(x, y, z, i) __builtin_fmaf((x)[i], (y)[i], (z)[i])
#define FUSE_64(x, y, z, i) __builtin_fma((x)[i], (y)[i], (z)[i])
#define FUSED_32X4(x, y, z) \
    ((f32x4){FUSE_32(x, y, z, 0), FUSE_32(x, y, z, 1), FUSE_32(x, y, z, 2), FUSE_32(x, y, z, 3)})
#define FUSED_64X2(x, y, z) ((f64x2){FUSE_64(x, y, z, 0), FUSE_64(x, y, z, 1)})
#define CONVERT_U_32X4(v) CONVERT(f32x4, (u32x4)(v))
#define EACH_4(function, v) {function(v[0]), function(v[1]), function(v[2]), function(v[3])}
#define EACH_2(function, v) {function(v[0]), function(v[1])}
#define CEIL_32X4(v) ((f32x4)EACH_4(CEIL32, (v)))
#define CEIL_64X2(v) ((f64x2)EACH_2(CEIL64, (v)))
#define FLOOR_32X4(v) ((f32x4)EACH_4(FLOOR32, (v)))
#define FLOOR_64X2(v) ((f64x2)EACH_2(FLOOR64, (v)))
#define TRUNC_32X4(v) ((f32x4)EACH_4(TRUNC32, (v)))
#define TRUNC_64X2(v) ((f64x2)EACH_2(TRUNC64, (v)))
#define NEAREST_32X4(v) ((f32x4)EACH_4(NEAREST32, (v)))
#define NEAREST_64X2(v) ((f64x2)EACH_2(NEAREST64, (v)))
#define SQRT_32X4(v) ((f32x4)EACH_4(SQRT32, (v)))
#define SQRT_64X2(v) ((f64x2)EACH_2(SQRT64, (v)))
// The second operand where neither is less, or more.
#define LESS_32X4(x, y) CHOOSE((x) < (y), x, y)
#define LESS_64X2(x, y) CHOOSE((x) < (y), x, y)
#define MORE_32X4(x, y) CHOOSE((x) > (y), x, y)
#define MORE_64X2(x, y) CHOOSE((x) > (y), x, y)
// §4.3.3, as above: the two ways to compare two zeros give one each, and to compare NaN with a number the number and NaN.
// NaN becomes canonical: all ones, from which `kept` are left.
#define CANONICAL(type, both, either, kept)               \
    ({                                                    \
        const type is_nan = (type)((either) != (either)); \
        ((type)(both) | is_nan) & ~(is_nan >> (kept));    \
    })
#define MIN_32X4(x, y)                                                               \
    ({                                                                               \
        const f32x4 either = (f32x4)((v128)LESS_32X4(x, y) | (v128)LESS_32X4(y, x)); \
        CANONICAL(u32x4, either, either, 10);                                        \
    })
#define MIN_64X2(x, y)                                                               \
    ({                                                                               \
        const f64x2 either = (f64x2)((v128)LESS_64X2(x, y) | (v128)LESS_64X2(y, x)); \
        CANONICAL(u64x2, either, either, 13);                                        \
    })
#define MAX_32X4(x, y)                                                         \
    ({                                                                         \
        const v128 one = (v128)MORE_32X4(x, y), other = (v128)MORE_32X4(y, x); \
        CANONICAL(u32x4, one & other, (f32x4)(one | other), 10);               \
    })
#define MAX_64X2(x, y)                                                         \
    ({                                                                         \
        const v128 one = (v128)MORE_64X2(x, y), other = (v128)MORE_64X2(y, x); \
        CANONICAL(u64x2, one & other, (f64x2)(one | other), 13);               \
    })
// The nearest integer that there is, NaN being 0; or the least one for all that there are not.
#define TRUNC_SAT_S32(x) \
    ((x) != (x) ? 0 : (x) <= -0x1p31 ? (s32)SIGN32 : (x) >= 0x1p31 ? 0x7FFFFFFF : (s32)(x))
#define TRUNC_SAT_U32(x) (!((x) > 0) ? 0 : (x) >= 0x1p32 ? 0xFFFFFFFF : (u32)(x))
#define TRUNC_S32(x) ((x) > -2147483649.0 && (x) < 0x1p31 ? (s32)(x) : (s32)SIGN32)
#define TRUNC_SAT_S_32X4(v) ((s32x4)EACH_4(TRUNC_SAT_S32, (v)))
#define TRUNC_SAT_U_32X4(v) ((u32x4)EACH_4(TRUNC_SAT_U32, (v)))
#define TRUNC_S_32X4(v) ((s32x4)EACH_4(TRUNC_S32, (v)))
#define TRUNC_SAT_S_64X2(v) ((s32x4)EACH_2(TRUNC_SAT_S32, (v)))
#define TRUNC_SAT_U_64X2(v) ((u32x4)EACH_2(TRUNC_SAT_U32, (v)))
#define TRUNC_S_64X2(v) ((s32x4)EACH_2(TRUNC_S32, (v)))

#endif
