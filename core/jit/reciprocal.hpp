// Division by a constant as a multiplication (Granlund and Montgomery, PLDI 1994; the choice between the two forms for 64
// bits as libdivide makes it). Divisors are above 2 and no powers of two.
#pragma once

#include <bit>
#include <cstdint>

namespace linocut {

// The quotient is the upper 64 bits of the product with the multiplier, corrected by the dividend if `adds`, shifted.
struct Reciprocal {
    uint64_t multiplier;
    uint8_t shift;
    bool adds;
};

// For dividends of 32 bits, of either sign: no shift, nothing to add.
constexpr Reciprocal reciprocal32(uint32_t divisor) { return {UINT64_MAX / divisor + 1, 0, false}; }

namespace detail {

// Of 2^(64 + log - is_signed) / divisor, with one bit more if 64 do not suffice.
constexpr Reciprocal reciprocal64(uint64_t divisor, bool is_signed) {
    const auto log = static_cast<uint8_t>(std::bit_width(divisor) - 1);
    const auto dividend = static_cast<unsigned __int128>(1) << (64 + log - is_signed);
    const auto quotient = static_cast<uint64_t>(dividend / divisor);
    const auto rest = static_cast<uint64_t>(dividend % divisor);
    if (divisor - rest < uint64_t{1} << log)
        return {quotient + 1, static_cast<uint8_t>(log - is_signed), false};
    // The rest is below half of the divisor, so the bit is 0; rounded up like the other.
    return {2 * quotient + 1, log, true};
}

}  // namespace detail

// The sum of what is added has 65 bits: half of the difference is added instead, and the shift is one less.
constexpr Reciprocal unsigned_reciprocal64(uint64_t divisor) { return detail::reciprocal64(divisor, false); }
// For a positive divisor; what is added is the dividend.
constexpr Reciprocal signed_reciprocal64(uint64_t divisor) { return detail::reciprocal64(divisor, true); }

}  // namespace linocut
