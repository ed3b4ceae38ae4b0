// Base64 (RFC 4648): n pieces of about 3000 bytes are encoded and decoded again.
#include "arguments.h"
#include "text.h"

#define PIECE 3000

static const char alphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static int8_t values[256];  // of the alphabet's letters; −1 for all other bytes

static uint8_t plain[PIECE], decoded[PIECE];
static char encoded[(PIECE + 2) / 3 * 4];

static void fill_values(void) {
    memset(values, -1, sizeof values);
    for (int i = 0; i < 64; i++) values[(uint8_t)alphabet[i]] = (int8_t)i;
}

static size_t encode_end(const uint8_t* from, size_t left, char* to) {
    if (left == 0) return 0;
    uint32_t bits = (uint32_t)from[0] << 16 | (left == 2 ? (uint32_t)from[1] << 8 : 0);
    to[0] = alphabet[bits >> 18];
    to[1] = alphabet[bits >> 12 & 63];
    to[2] = left == 2 ? alphabet[bits >> 6 & 63] : '=';
    to[3] = '=';
    return 4;
}

static size_t encode(const uint8_t* from, size_t size, char* to) {
    char* at = to;
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
static size_t decode(const char* from, size_t size, uint8_t* to) {
    uint8_t* at = to;
    uint32_t bits = 0;
    int count = 0;
    for (size_t i = 0; i < size && from[i] != '='; i++) {
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

// One piece there and back; the next piece differs in one byte, and in its length.
static uint64_t run_piece(int round, uint64_t sum) {
    size_t size = PIECE - (size_t)(round % 7);
    plain[round % PIECE] ^= (uint8_t)(round + 1);
    size_t letters = encode(plain, size, encoded);
    size_t bytes = decode(encoded, letters, decoded);
    sum = mix_bytes(sum, encoded, letters);
    return mix_bytes(sum, decoded, bytes);
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 16000, 100000000);
    uint64_t state = 9, sum = 0;
    fill_values();
    for (int i = 0; i < PIECE; i++) plain[i] = (uint8_t)next_random(&state);
    Instant from = bench_now();
    for (int round = 0; round < n; round++) sum = run_piece(round, sum);
    bench_report(from, bench_now(), sum);
    return 0;
}
