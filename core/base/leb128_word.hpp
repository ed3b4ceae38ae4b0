// A whole LEB128 integer (§5.2.2) at once, where eight bytes can be read.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace linocut {

struct Leb128Word {
    uint64_t value;   // 7 × length bits
    unsigned length;  // in bytes, 1 to 8; 0 = it is longer
};

inline Leb128Word read_leb128_word(const uint8_t* at) {
    uint64_t word;
    std::memcpy(&word, at, sizeof word);
    const uint64_t ends = ~word & 0x8080808080808080;
    if (ends == 0) [[unlikely]]
        return {0, 0};
    word &= ends ^ (ends - 1);
    // Sevens close up to fourteens, those to twenty-eights, those to fifty-six.
    word = (word & 0x007F007F007F007F) | (word & 0x7F007F007F007F00) >> 1;
    word = (word & 0x00003FFF00003FFF) | (word & 0x3FFF00003FFF0000) >> 2;
    word = (word & 0x000000000FFFFFFF) | (word & 0x0FFFFFFF00000000) >> 4;
    return {word, (static_cast<unsigned>(std::countr_zero(ends)) + 1) / 8};
}

// Reads an integer of 32, 33 or 64 bits. False when there is more to it: eight bytes cannot be read, or it
// is too long or too large. (What has eight bytes at most fits in 64 bits.)
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

inline bool read_leb128_quickly(const uint8_t*& at, const uint8_t* end, unsigned bits, int64_t& value) {
    if (end - at < 8) [[unlikely]]
        return false;
    const Leb128Word word = read_leb128_word(at);
    if (word.length == 0) [[unlikely]]
        return false;
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
