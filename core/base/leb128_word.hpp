// Reads a whole LEB128 integer (§5.2.2) in one step, where eight bytes can be read.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace linocut {

struct Leb128Word {
    uint64_t value;   // 7 × length bits
    unsigned length;  // in bytes, 1 to 8; 0 = it is longer
};

// Packs the seven low bits of each byte together: groups of 7 bits close up to 14, those to 28, those to 56.
inline uint64_t close_sevens_up(uint64_t word) {
    word = (word & 0x007F007F007F007F) | (word & 0x7F007F007F007F00) >> 1;
    word = (word & 0x00003FFF00003FFF) | (word & 0x3FFF00003FFF0000) >> 2;
    return (word & 0x000000000FFFFFFF) | (word & 0x0FFFFFFF00000000) >> 4;
}

inline Leb128Word read_leb128_word(const uint8_t* at) {
    uint64_t word;
    std::memcpy(&word, at, sizeof word);
    const uint64_t ends = ~word & 0x8080808080808080;
    if (ends == 0) [[unlikely]]
        return {0, 0};
    return {close_sevens_up(word & (ends ^ (ends - 1))),
            (static_cast<unsigned>(std::countr_zero(ends)) + 1) / 8};
}

// Reads an integer of 32, 33 or 64 bits. False when that is not enough: eight bytes cannot be read, or it is
// too long or too large. (An integer of at most eight bytes fits in 64 bits.)
inline bool read_leb128_quickly(const uint8_t*& at, const uint8_t* end, unsigned bits, uint64_t& value) {
    if (end - at < 8) [[unlikely]]
        return false;
    const Leb128Word word = read_leb128_word(at);
    const bool fits = bits == 64 || (word.length <= 5 && word.value >> bits == 0);
    if (!fits || word.length == 0) [[unlikely]]
        return false;
    at += word.length;
    value = word.value;
    return true;
}

// Reads one of nine or ten bytes, as 64-bit integers with high bits have; false for others.
inline bool read_longest_leb128(const uint8_t*& at, const uint8_t* end, int64_t& value) {
    if (end - at < 10) return false;
    uint64_t low;
    std::memcpy(&low, at, sizeof low);
    low = close_sevens_up(low) | static_cast<uint64_t>(at[8] & 0x7F) << 56;
    if (at[8] < 0x80) {
        value = static_cast<int64_t>(low << 1) >> 1;
        at += 9;
        return true;
    }
    // The tenth byte has one bit of the value, and repeats it.
    if (at[9] != 0 && at[9] != 0x7F) return false;
    value = static_cast<int64_t>(low | static_cast<uint64_t>(at[9]) << 63);
    at += 10;
    return true;
}

inline bool read_leb128_quickly(const uint8_t*& at, const uint8_t* end, unsigned bits, int64_t& value) {
    if (end - at < 8) [[unlikely]]
        return false;
    const Leb128Word word = read_leb128_word(at);
    if (word.length == 0) [[unlikely]]
        return bits == 64 && read_longest_leb128(at, end, value);
    const unsigned above = 64 - 7 * word.length;
    const int64_t extended = static_cast<int64_t>(word.value << above) >> above;
    const bool fits = bits == 64 || (word.length <= 5 && extended >> (bits - 1) == extended >> 63);
    if (!fits) [[unlikely]]
        return false;
    at += word.length;
    value = extended;
    return true;
}

}  // namespace linocut
