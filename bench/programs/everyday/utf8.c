// UTF-8 to UTF-16 and back: n texts of 4000 characters from many scripts, some bytes of them damaged. What is not
// UTF-8 becomes U+FFFD, as the Unicode Standard recommends (§3.9, maximal subparts).
#include "arguments.h"
#include "text.h"

#define CHARACTERS 4000
#define REPLACEMENT 0xFFFDu

typedef struct {
    uint16_t units[4 * CHARACTERS];  // at worst one for each byte
    size_t size;
} Utf16;

static uint32_t choose_character(uint64_t* state) {
    static const struct {
        uint32_t first, count;
    } scripts[] = {{0x20, 95},  {0x20, 95},  {0x61, 26},      {0xC0, 64},
                   {0x391, 57}, {0x410, 64}, {0x4E00, 20000}, {0x1F300, 700}};
    uint32_t which = next_random(state) % 8;
    return scripts[which].first + next_random(state) % scripts[which].count;
}

static void write_text(Text* text, uint64_t* state) {
    text->size = 0;
    for (int i = 0; i < CHARACTERS; i++) text_add_code_point(text, choose_character(state));
    for (int i = 0; i < 20; i++) {
        char mask = (char)next_random(state);
        text->data[next_random(state) % text->size] ^= mask;
    }
    text_add_byte(text, '\n');  // ends what a damaged byte may have left open
}

// What may follow a first byte: how many bytes, and within which bounds the next of them must lie.
typedef struct {
    int more;
    uint8_t low, high;
} Follow;

static Follow what_follows(uint8_t first) {
    if (first < 0xC2) return (Follow){0, 0, 0};
    if (first < 0xE0) return (Follow){1, 0x80, 0xBF};
    if (first == 0xE0) return (Follow){2, 0xA0, 0xBF};  // no longer than necessary
    if (first == 0xED) return (Follow){2, 0x80, 0x9F};  // no surrogates
    if (first < 0xF0) return (Follow){2, 0x80, 0xBF};
    if (first == 0xF0) return (Follow){3, 0x90, 0xBF};
    if (first < 0xF4) return (Follow){3, 0x80, 0xBF};
    if (first == 0xF4) return (Follow){3, 0x80, 0x8F};  // not above U+10FFFF
    return (Follow){0, 0, 0};
}

static uint32_t read_sequence(const uint8_t** at, const uint8_t* end) {
    uint8_t first = *(*at)++;
    Follow follow = what_follows(first);
    if (follow.more == 0) return REPLACEMENT;
    uint32_t c = first & (0x3Fu >> follow.more);
    while (follow.more--) {
        if (*at == end || **at < follow.low || **at > follow.high) return REPLACEMENT;
        c = c << 6 | (*(*at)++ & 0x3F);
        follow.low = 0x80, follow.high = 0xBF;
    }
    return c;
}

static void add_utf16(Utf16* to, uint32_t c) {
    if (c >= 0x10000) {
        to->units[to->size++] = (uint16_t)(0xD7C0 + (c >> 10));
        c = 0xDC00 | (c & 0x3FF);
    }
    to->units[to->size++] = (uint16_t)c;
}

static void decode(const Text* from, Utf16* to) {
    const uint8_t *at = (const uint8_t*)from->data, *end = at + from->size;
    to->size = 0;
    while (at < end) add_utf16(to, *at < 0x80 ? *at++ : read_sequence(&at, end));
}

static void encode(const Utf16* from, Text* to) {
    to->size = 0;
    for (size_t i = 0; i < from->size; i++) {
        uint32_t c = from->units[i];
        if (c >= 0xD800 && c < 0xDC00) c = ((c - 0xD7C0) << 10) + (from->units[++i] & 0x3FFu);
        text_add_code_point(to, c);
    }
}

int main(int argc, char** argv) {
    static Utf16 wide;
    Text text = {0}, back = {0};
    int n = work_size(argc, argv, 1000, 10000000);
    uint64_t state = 21, sum = 0;
    if (wants_show(argc, argv)) {
        write_text(&text, &state);  // the first one
        text_show(&text);
        return 0;
    }
    Instant from = bench_now();
    for (int round = 0; round < n; round++) {
        write_text(&text, &state);
        decode(&text, &wide);
        encode(&wide, &back);
        sum = mix_bytes(sum, wide.units, wide.size * sizeof *wide.units);
        sum = mix_bytes(sum, back.data, back.size);
    }
    bench_report(from, bench_now(), sum);
    return 0;
}
