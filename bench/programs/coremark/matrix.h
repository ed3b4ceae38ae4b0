// Small integer matrices: 16-bit numbers in, 32-bit results out, every result into the CRC.
#pragma once

#include "bench.h"
#include "crc.h"

#define MATRIX_SIDE 9

typedef int16_t Matrix[MATRIX_SIDE][MATRIX_SIDE];
typedef int32_t WideMatrix[MATRIX_SIDE][MATRIX_SIDE];

typedef struct {
    Matrix a, b;
    WideMatrix result;
} Matrices;

static inline void matrix_fill(Matrices* m, uint64_t* state) {
    for (int i = 0; i < MATRIX_SIDE; i++) {
        for (int j = 0; j < MATRIX_SIDE; j++) {
            m->a[i][j] = (int16_t)(next_random(state) & 0xFF);
            m->b[i][j] = (int16_t)(next_random(state) & 0xFFF);
        }
    }
}

static NOINLINE void matrix_add_constant(Matrix a, int16_t constant) {
    for (int i = 0; i < MATRIX_SIDE; i++) {
        for (int j = 0; j < MATRIX_SIDE; j++) a[i][j] = (int16_t)(a[i][j] + constant);
    }
}

static NOINLINE void matrix_times_constant(WideMatrix result, Matrix a, int16_t constant) {
    for (int i = 0; i < MATRIX_SIDE; i++) {
        for (int j = 0; j < MATRIX_SIDE; j++) result[i][j] = (int32_t)a[i][j] * constant;
    }
}

// The vector is b's first row, the product goes to the result's first row.
static NOINLINE void matrix_times_vector(WideMatrix result, Matrix a, Matrix b) {
    for (int i = 0; i < MATRIX_SIDE; i++) {
        uint32_t sum = 0;
        for (int j = 0; j < MATRIX_SIDE; j++) sum += (uint32_t)(a[i][j] * b[0][j]);
        result[0][i] = (int32_t)sum;
    }
}

static NOINLINE void matrix_times_matrix(WideMatrix result, Matrix a, Matrix b) {
    for (int i = 0; i < MATRIX_SIDE; i++) {
        for (int j = 0; j < MATRIX_SIDE; j++) {
            uint32_t sum = 0;
            for (int k = 0; k < MATRIX_SIDE; k++) sum += (uint32_t)(a[i][k] * b[k][j]);
            result[i][j] = (int32_t)sum;
        }
    }
}

// Of each product, the product of two fields of its bits: 5 bits from the fourth on, 6 bits from the tenth on.
static NOINLINE void matrix_times_matrix_bits(WideMatrix result, Matrix a, Matrix b) {
    for (int i = 0; i < MATRIX_SIDE; i++) {
        for (int j = 0; j < MATRIX_SIDE; j++) {
            uint32_t sum = 0;
            for (int k = 0; k < MATRIX_SIDE; k++) {
                uint32_t product = (uint32_t)(a[i][k] * b[k][j]);
                sum += (product >> 3 & 0x1F) * (product >> 9 & 0x3F);
            }
            result[i][j] = (int32_t)sum;
        }
    }
}

// A number for a whole result: how often it rises from one place to the next, and how often the running sum
// passes the limit, from where it starts at nothing again.
static NOINLINE uint16_t matrix_summary(WideMatrix result, int32_t limit) {
    int32_t running = 0, before = 0;
    uint16_t rises = 0, overflows = 0;
    for (int i = 0; i < MATRIX_SIDE; i++) {
        for (int j = 0; j < MATRIX_SIDE; j++) {
            int32_t here = result[i][j];
            running += here >> 4;
            rises += here > before;
            if (running > limit) {
                overflows++;
                running = 0;
            }
            before = here;
        }
    }
    return (uint16_t)(overflows << 8 | rises);
}

// All operations with one constant, which is added first and taken away in the end.
static inline uint16_t matrix_run(Matrices* m, int16_t constant, uint16_t crc) {
    int32_t limit = 0x7000 + constant;
    matrix_add_constant(m->a, constant);
    matrix_times_constant(m->result, m->a, constant);
    crc = crc_half(crc, matrix_summary(m->result, limit));
    matrix_times_vector(m->result, m->a, m->b);
    crc = crc_half(crc, matrix_summary(m->result, limit));
    matrix_times_matrix(m->result, m->a, m->b);
    crc = crc_half(crc, matrix_summary(m->result, limit));
    matrix_times_matrix_bits(m->result, m->a, m->b);
    crc = crc_half(crc, matrix_summary(m->result, limit));
    matrix_add_constant(m->a, (int16_t)-constant);
    return crc;
}
