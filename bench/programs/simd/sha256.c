// SHA-256 (FIPS 180-4) of four messages of n pieces of 4096 bytes each: side by side, a word of each in a vector; in
// the twin one after the other.
#include "arguments.h"
#include "vectors.h"

#define PIECE 4096
#define BLOCK 64
#define MESSAGES 4

#ifdef SCALAR
typedef uint32_t Words;  // one of each message that is hashed at the same time
#else
typedef U32x4 Words;
#endif

enum { LANES = sizeof(Words) / sizeof(uint32_t) };

static const uint32_t beginning[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint8_t pieces[MESSAGES][PIECE];
static uint8_t ends[MESSAGES][BLOCK];

static inline Words rotate(Words x, int by) { return (x >> by) | (x << (32 - by)); }

// A word of each message; their bytes lie `distance` apart.
static inline Words read_words(const uint8_t* at, size_t distance) {
    uint32_t words[LANES];
    for (int i = 0; i < LANES; i++) {
        memcpy(&words[i], at + (size_t)i * distance, sizeof *words);
        words[i] = __builtin_bswap32(words[i]);
    }
    Words all;
    memcpy(&all, words, sizeof all);
    return all;
}

static inline void spread(Words* w, const uint8_t* block, size_t distance) {
    for (int i = 0; i < 16; i++) w[i] = read_words(block + 4 * i, distance);
    for (int i = 16; i < 64; i++) {
        Words s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
        Words s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

NOINLINE static void compress(Words* state, const uint8_t* block, size_t distance) {
    Words w[64];
    spread(w, block, distance);
    Words a = state[0], b = state[1], c = state[2], d = state[3];
    Words e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i++) {
        Words s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        Words t1 = h + s1 + ((e & f) ^ (~e & g)) + constants[i] + w[i];
        Words s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        Words t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

// As many messages as there are lanes, from the given one on.
static void hash(int first, int n, Words* state) {
    for (int i = 0; i < 8; i++) state[i] = (Words){0} + beginning[i];
    for (int round = 0; round < n; round++)
        for (int at = 0; at < PIECE; at += BLOCK) compress(state, &pieces[first][at], PIECE);
    compress(state, ends[first], BLOCK);
}

// A message is a whole number of blocks: all of its padding and its length are one more.
static void write_ends(int n) {
    uint64_t bits = (uint64_t)n * PIECE * 8;
    for (int message = 0; message < MESSAGES; message++) {
        ends[message][0] = 0x80;
        for (int i = 0; i < 8; i++) ends[message][BLOCK - 1 - i] = (uint8_t)(bits >> (8 * i));
    }
}

static uint64_t mix_states(Words states[][8]) {
    uint64_t sum = 0;
    for (int message = 0; message < MESSAGES; message++)
        for (int i = 0; i < 8; i++) {
            uint32_t words[LANES];
            memcpy(words, &states[message / LANES][i], sizeof words);
            sum = mix(sum, words[message % LANES]);
        }
    return sum;
}

int main(int argc, char** argv) {
    Words states[MESSAGES / LANES][8];
    int n = work_size(argc, argv, 3000, 100000000);
    uint64_t state = 37;
    for (int i = 0; i < MESSAGES * PIECE; i++) (&pieces[0][0])[i] = (uint8_t)next_random(&state);
    write_ends(n);
    Instant from = bench_now();
    for (int first = 0; first < MESSAGES; first += LANES) hash(first, n, states[first / LANES]);
    bench_report(from, bench_now(), mix_states(states));
    return 0;
}
