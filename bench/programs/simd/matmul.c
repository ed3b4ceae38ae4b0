// The product of two matrices of 128 × 128 single floats, n times; a row of each product goes into the next one.
#include "arguments.h"
#include "vectors.h"

#define SIZE 128

#ifdef SCALAR
typedef float Part;  // of a row
#else
typedef F32x4 Part;
#endif

enum { LANES = sizeof(Part) / sizeof(float), PARTS = 4 };

static float a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static const Part zero;

static inline Part load(const float* from) {
    Part part;
    memcpy(&part, from, sizeof part);
    return part;
}

// Some parts of a row of c, whose sums stay in registers.
static inline void multiply_parts(int i, int j) {
    Part s0 = zero, s1 = zero, s2 = zero, s3 = zero;
    for (int k = 0; k < SIZE; k++) {
        float factor = a[i][k];
        s0 += load(&b[k][j]) * factor;
        s1 += load(&b[k][j + LANES]) * factor;
        s2 += load(&b[k][j + 2 * LANES]) * factor;
        s3 += load(&b[k][j + 3 * LANES]) * factor;
    }
    Part sums[PARTS] = {s0, s1, s2, s3};
    memcpy(&c[i][j], sums, sizeof sums);
}

NOINLINE static void multiply(void) {
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j += PARTS * LANES) multiply_parts(i, j);
}

static float random_float(uint64_t* state) { return (float)(next_random(state) >> 8) / 4194304.0f - 1.0f; }

static uint64_t mix_floats(uint64_t sum, const float* values, int count) {
    for (int i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        sum = mix(sum, bits);
    }
    return sum;
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 200, 10000000);
    uint64_t state = 23;
    for (int i = 0; i < SIZE * SIZE; i++) {
        (&a[0][0])[i] = random_float(&state);
        (&b[0][0])[i] = random_float(&state) / 8;
    }
    Instant from = bench_now();
    for (int round = 0; round < n; round++) {
        multiply();
        memcpy(a[round % SIZE], c[round % SIZE], sizeof *a);
    }
    Instant to = bench_now();
    bench_report(from, to, mix_floats(mix_floats(0, &a[0][0], SIZE * SIZE), &c[0][0], SIZE * SIZE));
    return 0;
}
