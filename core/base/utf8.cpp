#include "base/utf8.hpp"

#include <cstring>

namespace linocut {
namespace {

// What a lead byte asks for: the length of its sequence (0: no lead byte) and the range of the second
// byte, which alone keeps out overlong forms, surrogates and values that are too large (Unicode, table 3-7).
struct Lead {
    uint8_t length;
    uint8_t low;
    uint8_t high;
};

Lead lead_of(uint8_t byte) {
    if (byte < 0xC2) return {0, 0, 0};
    if (byte < 0xE0) return {2, 0x80, 0xBF};
    if (byte == 0xE0) return {3, 0xA0, 0xBF};
    if (byte == 0xED) return {3, 0x80, 0x9F};
    if (byte < 0xF0) return {3, 0x80, 0xBF};
    if (byte == 0xF0) return {4, 0x90, 0xBF};
    if (byte < 0xF4) return {4, 0x80, 0xBF};
    if (byte == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

bool is_continuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

// Length of the sequence of several bytes at `at`, 0 if there is none.
size_t sequence_length(const uint8_t* at, size_t available) {
    const Lead lead = lead_of(*at);
    if (lead.length == 0 || available < lead.length) return 0;
    if (at[1] < lead.low || at[1] > lead.high) return 0;
    for (size_t i = 2; i < lead.length; i++)
        if (!is_continuation(at[i])) return 0;
    return lead.length;
}

// True if the eight bytes at `at` are ASCII.
bool is_ascii_word(const uint8_t* at) {
    uint64_t word;
    std::memcpy(&word, at, sizeof word);
    return (word & 0x8080808080808080u) == 0;
}

}  // namespace

bool is_utf8(std::span<const uint8_t> bytes) {
    const uint8_t* at = bytes.data();
    const uint8_t* const end = at + bytes.size();
    while (at != end) {
        if (end - at >= 8 && is_ascii_word(at)) {
            at += 8;
        } else if (*at < 0x80) {
            at++;
        } else {
            const size_t length = sequence_length(at, static_cast<size_t>(end - at));
            if (length == 0) return false;
            at += length;
        }
    }
    return true;
}

}  // namespace linocut
