// Whether bytes are UTF-8: a text of 8000 characters from many scripts is checked n times, every eighth time with a
// damaged byte. With vectors, 16 bytes at once by three tables (Keiser and Lemire, "Validating UTF-8 In Less Than One
// Instruction Per Byte", 2021).
#include "arguments.h"
#include "everyday/text.h"
#include "vectors.h"

#define CHARACTERS 8000

#ifdef SCALAR
// The last byte of a sequence that begins there; null if none does.
static inline const uint8_t* check_sequence(const uint8_t* at, const uint8_t* end) {
    uint8_t first = *at++, low = 0x80, high = 0xBF;
    if (first < 0xC2 || first > 0xF4) return NULL;
    int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    if (end - at < more) return NULL;
    if (first == 0xE0) low = 0xA0;   // no longer than necessary
    if (first == 0xED) high = 0x9F;  // no surrogates
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;  // not above U+10FFFF
    if (*at < low || *at > high) return NULL;
    while (--more)
        if ((*++at & 0xC0) != 0x80) return NULL;
    return at;
}

NOINLINE static bool is_utf8(const uint8_t* at, size_t size) {
    for (const uint8_t* end = at + size; at < end; at++)
        if (*at >= 0x80 && !(at = check_sequence(at, end))) return false;
    return true;
}
#else
// What can be wrong with two bytes that follow each other, a bit each.
enum {
    TOO_SHORT = 1 << 0,   // a first byte, then no continuation
    TOO_LONG = 1 << 1,    // ASCII, then a continuation
    OVERLONG_3 = 1 << 2,  // E0, then below A0
    TOO_LARGE = 1 << 3,   // F4, then above 8F, or above F4
    SURROGATE = 1 << 4,   // ED, then above 9F
    OVERLONG_2 = 1 << 5,  // C0 or C1
    OVERLONG_4 = 1 << 6,  // F0, then below 90; or above F4, then anything
    CONTINUED = 1 << 7,   // two continuations: right if a longer sequence is open
    // By the lower half of the first byte: any, those above 4; by the upper half of the second: a continuation.
    ANY_LOW = TOO_SHORT | TOO_LONG | CONTINUED,
    LARGE = ANY_LOW | TOO_LARGE | OVERLONG_4,
    SECOND = TOO_LONG | OVERLONG_2 | CONTINUED,
};

// The bytes that stand n places, 1 to 3, before those of `bytes`; `earlier` are the 16 before them.
#define SHIFTED(earlier, bytes, n)                                                                          \
    __builtin_shufflevector(earlier, bytes, 16 - (n), 17 - (n), 18 - (n), 19 - (n), 20 - (n), 21 - (n),     \
                            22 - (n), 23 - (n), 24 - (n), 25 - (n), 26 - (n), 27 - (n), 28 - (n), 29 - (n), \
                            30 - (n), 31 - (n))

#define TIMES_4(x) x, x, x, x

// What can be wrong by the upper and by the lower half of the first byte, and by the upper half of the second; what is
// wrong by all three, is.
static inline U8x16 find_wrong_pairs(U8x16 bytes, U8x16 previous) {
    const U8x16 by_upper_first = {TIMES_4(TOO_LONG),
                                  TIMES_4(TOO_LONG),
                                  TIMES_4(CONTINUED),
                                  TOO_SHORT | OVERLONG_2,
                                  TOO_SHORT,
                                  TOO_SHORT | OVERLONG_3 | SURROGATE,
                                  TOO_SHORT | TOO_LARGE | OVERLONG_4};
    const U8x16 by_lower_first = {ANY_LOW | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
                                  ANY_LOW | OVERLONG_2,
                                  ANY_LOW,
                                  ANY_LOW,
                                  ANY_LOW | TOO_LARGE,
                                  TIMES_4(LARGE),
                                  TIMES_4(LARGE),
                                  LARGE | SURROGATE,
                                  LARGE,
                                  LARGE};
    const U8x16 by_upper_second = {TIMES_4(TOO_SHORT),
                                   TIMES_4(TOO_SHORT),
                                   SECOND | OVERLONG_3 | OVERLONG_4,
                                   SECOND | OVERLONG_3 | TOO_LARGE,
                                   SECOND | SURROGATE | TOO_LARGE,
                                   SECOND | SURROGATE | TOO_LARGE,
                                   TIMES_4(TOO_SHORT)};
    return look_up(by_upper_first, previous >> 4) & look_up(by_lower_first, previous & 0x0F) &
           look_up(by_upper_second, bytes >> 4);
}

// Not 0 where something is wrong with one of the bytes and those before it.
static inline U8x16 find_wrong(U8x16 earlier, U8x16 bytes) {
    U8x16 wrong = find_wrong_pairs(bytes, SHIFTED(earlier, bytes, 1));
    U8x16 third = subtract_down_to_0(SHIFTED(earlier, bytes, 2), (U8x16){0} + (0xE0 - 0x80));
    U8x16 fourth = subtract_down_to_0(SHIFTED(earlier, bytes, 3), (U8x16){0} + (0xF0 - 0x80));
    return ((third | fourth) & 0x80) ^ wrong;
}

NOINLINE static bool is_utf8(const uint8_t* at, size_t size) {
    U8x16 earlier = {0}, wrong = {0};
    for (; size >= 16; size -= 16, at += 16) {
        U8x16 bytes = load_bytes(at);
        wrong |= find_wrong(earlier, bytes);
        earlier = bytes;
    }
    uint8_t rest[16] = {0};  // the zeros end what is open
    memcpy(rest, at, size);
    return !is_any_set(wrong | find_wrong(earlier, load_bytes(rest)));
}
#endif

static uint32_t choose_character(uint64_t* state) {
    static const struct {
        uint32_t first, count;
    } scripts[] = {{0x20, 95},  {0x20, 95},  {0x61, 26},      {0xC0, 64},
                   {0x391, 57}, {0x410, 64}, {0x4E00, 20000}, {0x1F300, 700}};
    uint32_t which = next_random(state) % 8;
    return scripts[which].first + next_random(state) % scripts[which].count;
}

static uint64_t check_damaged(Text* text, uint64_t* state, uint64_t sum) {
    uint32_t place = next_random(state) % text->size, mask = next_random(state) & 0xFF;
    text->data[place] ^= (char)mask;
    sum = mix(sum, is_utf8((const uint8_t*)text->data, text->size));
    text->data[place] ^= (char)mask;
    return sum;
}

int main(int argc, char** argv) {
    Text text = {0};
    int n = work_size(argc, argv, 6000, 10000000);
    uint64_t state = 41, sum = 0;
    for (int i = 0; i < CHARACTERS; i++) text_add_code_point(&text, choose_character(&state));
    Instant from = bench_now();
    for (int round = 0; round < n; round++)
        if (round % 8 == 0)
            sum = check_damaged(&text, &state, sum);
        else
            sum = mix(sum, is_utf8((const uint8_t*)text.data, text.size));
    bench_report(from, bench_now(), sum);
    return 0;
}
