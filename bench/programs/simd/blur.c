// A grey picture of 512 × 512 pixels, blurred n times by the weights 1 4 6 4 1 in both directions; outside it is
// black.
#include "arguments.h"
#include "vectors.h"

#define SIZE 512
#define BORDER 8

typedef uint8_t Picture[SIZE + 2 * BORDER][SIZE + 2 * BORDER];

static Picture picture, between;

#ifdef SCALAR
enum { PIXELS = 1 };

// A pixel from itself and two on either side, which are `step` apart.
static inline void blur_pixels(const uint8_t* from, int step, uint8_t* to) {
    int near = from[-step] + from[step], far = from[-2 * step] + from[2 * step];
    *to = (uint8_t)((from[0] * 6 + near * 4 + far + 8) >> 4);
}
#else
enum { PIXELS = 8 };

static inline U16x8 load_pixels(const uint8_t* from) {
    U8x8 pixels;
    memcpy(&pixels, from, sizeof pixels);
    return __builtin_convertvector(pixels, U16x8);
}

static inline void blur_pixels(const uint8_t* from, int step, uint8_t* to) {
    U16x8 near = load_pixels(from - step) + load_pixels(from + step);
    U16x8 far = load_pixels(from - 2 * step) + load_pixels(from + 2 * step);
    U8x8 pixels = __builtin_convertvector((load_pixels(from) * 6 + near * 4 + far + 8) >> 4, U8x8);
    memcpy(to, &pixels, sizeof pixels);
}
#endif

NOINLINE static void blur(const Picture from, int step, Picture to) {
    for (int y = BORDER; y < BORDER + SIZE; y++)
        for (int x = BORDER; x < BORDER + SIZE; x += PIXELS) blur_pixels(&from[y][x], step, &to[y][x]);
}

static uint64_t mix_picture(void) {
    uint64_t sum = 0;
    for (int y = BORDER; y < BORDER + SIZE; y++)
        for (int x = BORDER; x < BORDER + SIZE; x++) sum = mix(sum, picture[y][x]);
    return sum;
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 300, 10000000);
    uint64_t state = 29;
    for (int y = BORDER; y < BORDER + SIZE; y++)
        for (int x = BORDER; x < BORDER + SIZE; x++) picture[y][x] = (uint8_t)next_random(&state);
    Instant from = bench_now();
    for (int round = 0; round < n; round++) {
        blur(picture, 1, between);
        blur(between, sizeof *picture, picture);
    }
    bench_report(from, bench_now(), mix_picture());
    return 0;
}
