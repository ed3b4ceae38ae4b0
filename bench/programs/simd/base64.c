// Base64 (RFC 4648): n pieces of about 3000 bytes are encoded and decoded again. With vectors, 12 bytes are 16
// letters in one go (Muła and Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions", 2018).
#include "arguments.h"
#include "everyday/text.h"
#include "vectors.h"

#define PIECE 3000
#define BEYOND 16  // a vector may reach beyond the end

static const char alphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static int8_t values[256];  // of the alphabet's letters; −1 for all other bytes

static uint8_t plain[PIECE + BEYOND], decoded[PIECE + BEYOND];
static char encoded[(PIECE + 2) / 3 * 4 + BEYOND];

static void fill_values(void) {
    memset(values, -1, sizeof values);
    for (int i = 0; i < 64; i++) values[(uint8_t)alphabet[i]] = (int8_t)i;
}

#ifdef SCALAR
static inline size_t encode_vectors(const uint8_t* from, size_t size, char* to) {
    (void)from, (void)size, (void)to;
    return 0;
}

static inline size_t decode_vectors(const char* from, size_t size, uint8_t* to) {
    (void)from, (void)size, (void)to;
    return 0;
}
#else
// Groups of three bytes, a b c, as four numbers of six bits, one in each byte.
static inline U8x16 split(U8x16 bytes) {
    const U8x16 order = {1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10};  // b a c b
    U32x4 group = (U32x4)look_up(bytes, order);
    U32x4 first = (group >> 10) & 0x3F, second = (group << 4) & 0x3F00;
    U32x4 third = (group >> 6) & 0x3F0000, fourth = (group << 8) & 0x3F000000;
    return (U8x16)(first | second | third | fourth);
}

// By what a number must be raised to be a letter: 0 for the lower-case ones, 1 to 10 for digits, 11 for +, 12 for /,
// 13 for capital ones.
static inline U8x16 spell(U8x16 numbers) {
    const U8x16 raise = {71, 252, 252, 252, 252, 252, 252, 252, 252, 252, 252, 237, 240, 65, 0, 0};
    U8x16 kind = subtract_down_to_0(numbers, (U8x16){0} + 51);
    kind |= (U8x16)(numbers < 26) & 13;
    return numbers + look_up(raise, kind);
}

// How many bytes were encoded, a multiple of three; the others are left.
static inline size_t encode_vectors(const uint8_t* from, size_t size, char* to) {
    size_t done = 0;
    for (; size - done >= 12; done += 12, to += 16) {
        U8x16 letters = spell(split(load_bytes(from + done)));
        memcpy(to, &letters, sizeof letters);
    }
    return done;
}

// The numbers that letters stand for; is_any_set(*wrong) if there are others.
static inline U8x16 read_letters(U8x16 letters, U8x16* wrong) {
    // By the upper four bits: how many bits a letter is lowered by, and by both which are letters at all.
    const U8x16 lower = {0, 16, 19, 4, 191, 191, 185, 185, 0, 0, 0, 0, 0, 0, 0, 0};
    const U8x16 uppers = {0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08,
                          0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10};
    const U8x16 lowers = {0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                          0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A};
    U8x16 upper = letters >> 4, slash = (U8x16)(letters == '/');
    *wrong = look_up(uppers, upper) & look_up(lowers, letters & 0x0F);
    return letters + look_up(lower, upper + slash);
}

// Four numbers of six bits each, joined to three bytes.
static inline U8x16 join(U8x16 numbers) {
    const U8x16 order = {2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 128, 128, 128, 128};
    U32x4 all = (U32x4)numbers;
    U32x4 pairs = ((all & 0x003F003F) << 6) | ((all >> 8) & 0x003F003F);
    U32x4 groups = (pairs << 12) | (pairs >> 16);
    return look_up((U8x16)groups, order);
}

// How many letters were decoded, a multiple of four, up to the first vector in which something else is.
static inline size_t decode_vectors(const char* from, size_t size, uint8_t* to) {
    size_t done = 0;
    for (; size - done >= 16; done += 16, to += 12) {
        U8x16 wrong, numbers = read_letters(load_bytes(from + done), &wrong);
        if (is_any_set(wrong)) break;
        U8x16 bytes = join(numbers);
        memcpy(to, &bytes, sizeof bytes);
    }
    return done;
}
#endif

static size_t encode_end(const uint8_t* from, size_t left, char* to) {
    if (left == 0) return 0;
    uint32_t bits = (uint32_t)from[0] << 16 | (left == 2 ? (uint32_t)from[1] << 8 : 0);
    to[0] = alphabet[bits >> 18];
    to[1] = alphabet[bits >> 12 & 63];
    to[2] = left == 2 ? alphabet[bits >> 6 & 63] : '=';
    to[3] = '=';
    return 4;
}

NOINLINE static size_t encode(const uint8_t* from, size_t size, char* to) {
    size_t done = encode_vectors(from, size, to);
    char* at = to + done / 3 * 4;
    from += done, size -= done;
    for (; size >= 3; size -= 3, from += 3, at += 4) {
        uint32_t bits = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
        at[0] = alphabet[bits >> 18];
        at[1] = alphabet[bits >> 12 & 63];
        at[2] = alphabet[bits >> 6 & 63];
        at[3] = alphabet[bits & 63];
    }
    return (size_t)(at - to) + encode_end(from, size, at);
}

// How many bytes came out; stops at what is neither a letter nor padding.
NOINLINE static size_t decode(const char* from, size_t size, uint8_t* to) {
    size_t done = decode_vectors(from, size, to);
    uint8_t* at = to + done / 4 * 3;
    uint32_t bits = 0;
    int count = 0;
    for (size_t i = done; i < size && from[i] != '='; i++) {
        int value = values[(uint8_t)from[i]];
        if (value < 0) break;
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            *at++ = (uint8_t)(bits >> count);
        }
    }
    return (size_t)(at - to);
}

// One piece there and back, of which eight bytes each are looked at; the next piece differs in one byte, and in its
// length.
static uint64_t run_piece(int round, uint64_t sum) {
    size_t size = PIECE - (size_t)(round % 7), place = (size_t)round * 8 % (PIECE - 14);
    plain[round % PIECE] ^= (uint8_t)(round + 1);
    size_t letters = encode(plain, size, encoded);
    size_t bytes = decode(encoded, letters, decoded);
    sum = mix(mix(sum, letters), bytes);
    return mix_bytes(mix_bytes(sum, encoded + place, 8), decoded + place, 8);
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 40000, 100000000);
    uint64_t state = 9, sum = 0;
    fill_values();
    for (int i = 0; i < PIECE; i++) plain[i] = (uint8_t)next_random(&state);
    Instant from = bench_now();
    for (int round = 0; round < n; round++) sum = run_piece(round, sum);
    Instant to = bench_now();
    bench_report(from, to, mix_bytes(mix_bytes(sum, encoded, PIECE / 3 * 4), decoded, PIECE));
    return 0;
}
