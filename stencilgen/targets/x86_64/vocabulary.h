// Words of abi/stencil.h for which x86-64 has an instruction that clang does not find in their plain C. The tests
// compare these definitions with the plain ones.
#ifndef LINOCUT_X86_64_VOCABULARY_H
#define LINOCUT_X86_64_VOCABULARY_H

#include "stencil.h"

typedef char char8x16 __attribute__((vector_size(16)));

#undef SIGNS_8X16
#define SIGNS_8X16(v) ((u32)__builtin_ia32_pmovmskb128((char8x16)(v)))
#undef SIGNS_16X8
#define SIGNS_16X8(v) \
    ((u32)__builtin_ia32_pmovmskb128((char8x16)__builtin_ia32_packsswb128((s16x8)(v), (s16x8){})))
#undef SIGNS_32X4
#define SIGNS_32X4(v) ((u32)__builtin_ia32_movmskps((f32x4)(v)))
#undef SIGNS_64X2
#define SIGNS_64X2(v) ((u32)__builtin_ia32_movmskpd((f64x2)(v)))

#undef SWIZZLE
#define SWIZZLE(v, places) \
    SWIZZLE_MODULO(v, __builtin_elementwise_add_sat((u8x16)(places), SPLAT(u8x16, 0x70)))
#undef SWIZZLE_MODULO
#define SWIZZLE_MODULO(v, places) __builtin_ia32_pshufb128((char8x16)(v), (char8x16)(places))
#undef MULTIPLY_Q15
#define MULTIPLY_Q15(x, y) ((s16x8)__builtin_ia32_pmulhrsw128((s16x8)(x), (s16x8)(y)))
// Both halves of each byte are made before the table is loaded: otherwise the four registers are too few.
#undef POPCNT_8X16
#define POPCNT_8X16(v)                                                             \
    ({                                                                             \
        const u8x16 counts = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};     \
        u8x16 low = (u8x16)(v) & 0x0F, high = (u8x16)(v) >> 4;                     \
        __asm__("" : "+x"(low), "+x"(high));                                       \
        (u8x16) SWIZZLE_MODULO(counts, low) + (u8x16)SWIZZLE_MODULO(counts, high); \
    })
#undef PAIR_SUMS_S8X16
#define PAIR_SUMS_S8X16(v) DOT_8X16(v, SPLAT(u8x16, 1))
#undef PAIR_SUMS_U8X16
#define PAIR_SUMS_U8X16(v) DOT_8X16(SPLAT(u8x16, 1), v)
#undef PAIR_SUMS_S16X8
#define PAIR_SUMS_S16X8(v) DOT_16X8(v, SPLAT(s16x8, 1))
#undef DOT_16X8
#define DOT_16X8(x, y) ((s32x4)__builtin_ia32_pmaddwd128((s16x8)(x), (s16x8)(y)))
#undef DOT_8X16
#define DOT_8X16(x, y) ((s16x8)__builtin_ia32_pmaddubsw128((char8x16)(y), (char8x16)(x)))
#undef DOT_S8X16
#define EVEN_S8X16(v) ((s16x8)((u16x8)(v) << 8) >> 8)
#define ODD_S8X16(v) ((s16x8)(v) >> 8)
#define DOT_S8X16(x, y) \
    __builtin_elementwise_add_sat(EVEN_S8X16(x) * EVEN_S8X16(y), ODD_S8X16(x) * ODD_S8X16(y))
// The third operand waits in two integer registers, as four vector registers are not enough.
#undef DOT_ADD_S8X16
#define DOT_ADD_S8X16(x, y, z)                                                 \
    ({                                                                         \
        u64 low = ((v128)(z))[0], high = ((v128)(z))[1];                       \
        __asm__("" : "+r"(low), "+r"(high));                                   \
        DOT_16X8(DOT_S8X16(x, y), SPLAT(s16x8, 1)) + (s32x4)(v128){low, high}; \
    })

#undef CEIL_32X4
#define CEIL_32X4(v) __builtin_ia32_roundps(v, 10)
#undef CEIL_64X2
#define CEIL_64X2(v) __builtin_ia32_roundpd(v, 10)
#undef FLOOR_32X4
#define FLOOR_32X4(v) __builtin_ia32_roundps(v, 9)
#undef FLOOR_64X2
#define FLOOR_64X2(v) __builtin_ia32_roundpd(v, 9)
#undef TRUNC_32X4
#define TRUNC_32X4(v) __builtin_ia32_roundps(v, 11)
#undef TRUNC_64X2
#define TRUNC_64X2(v) __builtin_ia32_roundpd(v, 11)
#undef NEAREST_32X4
#define NEAREST_32X4(v) __builtin_ia32_roundps(v, 8)
#undef NEAREST_64X2
#define NEAREST_64X2(v) __builtin_ia32_roundpd(v, 8)
#undef SQRT_32X4
#define SQRT_32X4(v) __builtin_elementwise_sqrt(v)
#undef SQRT_64X2
#define SQRT_64X2(v) __builtin_elementwise_sqrt(v)
#undef LESS_32X4
#define LESS_32X4(x, y) __builtin_ia32_minps(x, y)
#undef LESS_64X2
#define LESS_64X2(x, y) __builtin_ia32_minpd(x, y)
#undef MORE_32X4
#define MORE_32X4(x, y) __builtin_ia32_maxps(x, y)
#undef MORE_64X2
#define MORE_64X2(x, y) __builtin_ia32_maxpd(x, y)

// Both halves of a number convert exactly, so that only their sum is rounded. What clang makes of a plain conversion
// has an instruction with a constant and an immediate, which cannot be patched.
#undef CONVERT_U_32X4
#define CONVERT_U_32X4(v)                                                  \
    ({                                                                     \
        const u32x4 low = (u32x4)(v) & 0xFFFF;                             \
        const f32x4 half = CONVERT(f32x4, (s32x4)(((u32x4)(v) - low) >> 1)); \
        half + half + CONVERT(f32x4, (s32x4)low);                          \
    })

// The instruction gives the least integer for every number that is out of range. Where the number was too large, the
// complement of that is the greatest integer, which is wanted; NaN becomes 0 beforehand.
#undef TRUNC_S_32X4
#define TRUNC_S_32X4(v) ((s32x4)__builtin_ia32_cvttps2dq(v))
#undef TRUNC_S_64X2
#define TRUNC_S_64X2(v) ((s32x4)__builtin_ia32_cvttpd2dq(v))
#undef TRUNC_SAT_S_32X4
#define TRUNC_SAT_S_32X4(v)                                             \
    ({                                                                  \
        const f32x4 number = (f32x4)((u32x4)(v) & (u32x4)((v) == (v))); \
        TRUNC_S_32X4(number) ^ (number >= 0x1p31f);                     \
    })
#undef TRUNC_SAT_S_64X2
#define TRUNC_SAT_S_64X2(v)                                                                \
    ({                                                                                     \
        const f64x2 most = (f64x2)((u64x2)SPLAT(f64x2, 0x1p31 - 1) & (u64x2)((v) == (v))); \
        TRUNC_S_64X2(LESS_64X2(v, most));                                                  \
    })
// A number from 2^31 on is converted without its highest bit, which is put back afterwards.
#undef TRUNC_SAT_U_32X4
#define TRUNC_SAT_U_32X4(v)                                                          \
    ({                                                                               \
        const f32x4 number = MORE_32X4(v, (f32x4){}), limit = SPLAT(f32x4, 0x1p31f); \
        const u32x4 is_above = (u32x4)(number >= limit);                             \
        const f32x4 rest = number - (f32x4)((u32x4)limit & is_above);                \
        ((u32x4)TRUNC_S_32X4(rest) ^ (is_above << 31)) | (u32x4)(rest >= limit);     \
    })
// In the sum of a whole number and 2^52, the lower half of the bits is that number as an integer.
#undef TRUNC_SAT_U_64X2
#define TRUNC_SAT_U_64X2(v)                                                                \
    ({                                                                                     \
        const f64x2 number = LESS_64X2(MORE_64X2(v, (f64x2){}), SPLAT(f64x2, 0x1p32 - 1)); \
        const u32x4 halves = (u32x4)(TRUNC_64X2(number) + 0x1p52);                         \
        __builtin_shufflevector(halves, (u32x4){}, 0, 2, 4, 5);                            \
    })

#endif
