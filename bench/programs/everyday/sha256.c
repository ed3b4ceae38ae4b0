// SHA-256 (FIPS 180-4) of a message of n pieces of 4000 bytes, which blocks of 64 bytes do not divide.
#include "arguments.h"
#include "bench.h"

#define PIECE 4000
#define BLOCK 64

typedef struct {
    uint32_t state[8];
    uint8_t block[BLOCK];
    uint64_t size;  // of what came so far, in bytes; its last size % BLOCK are in `block`
} Sha256;

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

static inline uint32_t rotate(uint32_t x, int by) { return (x >> by) | (x << (32 - by)); }

static uint32_t read_big_endian(const uint8_t* at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void write_big_endian(uint8_t* at, uint32_t value) {
    for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void spread(uint32_t* w, const uint8_t* block) {
    for (int i = 0; i < 16; i++) w[i] = read_big_endian(block + 4 * i);
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
        uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

static void compress(uint32_t* state, const uint8_t* block) {
    uint32_t w[64];
    spread(w, block);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i++) {
        uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + constants[i] + w[i];
        uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

static void update(Sha256* hash, const uint8_t* data, size_t size) {
    size_t filled = hash->size % BLOCK;
    hash->size += size;
    while (filled + size >= BLOCK) {
        size_t taken = BLOCK - filled;
        memcpy(hash->block + filled, data, taken);
        compress(hash->state, hash->block);
        data += taken, size -= taken, filled = 0;
    }
    memcpy(hash->block + filled, data, size);
}

static void finish(Sha256* hash, uint8_t* digest) {
    static const uint8_t padding[BLOCK] = {0x80};
    uint8_t bits[8];
    write_big_endian(bits, (uint32_t)(hash->size >> 29));
    write_big_endian(bits + 4, (uint32_t)(hash->size << 3));
    update(hash, padding, BLOCK - (hash->size + sizeof bits) % BLOCK);
    update(hash, bits, sizeof bits);
    for (int i = 0; i < 8; i++) write_big_endian(digest + 4 * i, hash->state[i]);
}

int main(int argc, char** argv) {
    static uint8_t piece[PIECE];
    int n = work_size(argc, argv, 12000, 100000000);
    uint64_t state = 5, sum = 0;
    for (int i = 0; i < PIECE; i++) piece[i] = (uint8_t)next_random(&state);

    Sha256 hash = {.size = 0};
    uint8_t digest[32];
    memcpy(hash.state, beginning, sizeof beginning);
    Instant from = bench_now();
    for (int i = 0; i < n; i++) update(&hash, piece, PIECE);
    finish(&hash, digest);
    for (int i = 0; i < 32; i++) sum = mix(sum, digest[i]);
    bench_report(from, bench_now(), sum);
    printf("answer ");
    for (int i = 0; i < 32; i++) printf("%02x", digest[i]);
    printf("\n");
    return 0;
}
