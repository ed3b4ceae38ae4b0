// What the PolyBench kernels share. As in PolyBench, arrays lie on the heap, their sizes are constants of the
// data set, and the kernel is a function of its own that gets plain pointers: nothing tells it that they do
// not overlap. Names and sizes are PolyBench/C 4.2.1's; the kernels are written from their mathematical
// definitions, with the loops in the order in which one would write them down.
//
// A kernel's main declares its arrays, which are then full of random numbers, makes of them an input that
// suits the problem, and says what the results are:
//
//     MATRIX(double, A, M, N);
//     begin(argc, argv);
//     kernel(A);
//     FINISH(A);
//
// With the argument `dump` it also prints its numbers: all arrays before the kernel, the results after it.
#pragma once

#include <stdbool.h>

#include "../bench.h"

#if defined(MINI_DATASET)
#define SIZE(mini, small, medium, large) mini
#elif defined(SMALL_DATASET)
#define SIZE(mini, small, medium, large) small
#elif defined(LARGE_DATASET)
#define SIZE(mini, small, medium, large) large
#else
#define SIZE(mini, small, medium, large) medium
#endif

typedef enum { DOUBLE, FLOAT, INT } Type;

static const size_t type_size[] = {[DOUBLE] = sizeof(double), [FLOAT] = sizeof(float), [INT] = sizeof(int)};

typedef struct {
    const char* name;
    Type type;
    int shape[3];  // 0 where there is no such dimension
    void* elements;
} Array;

static struct {
    Array arrays[16];
    int array_count;
    uint64_t random;
    bool dumping;
    Instant start;
} program;

#define TYPE_OF(type) _Generic((type){0}, double: DOUBLE, float: FLOAT, int: INT)
#define VECTOR(type, x, n) type* x = new_array(#x, TYPE_OF(type), (int[3]){n})
#define MATRIX(type, A, m, n) type(*A)[n] = new_array(#A, TYPE_OF(type), (int[3]){m, n})
#define CUBE(type, A, l, m, n) type(*A)[m][n] = new_array(#A, TYPE_OF(type), (int[3]){l, m, n})
#define SCALAR(x, value)    \
    const double x = value; \
    *(double*)new_array(#x, DOUBLE, (int[3]){0}) = x
#define FINISH(...) finish((void*[]){__VA_ARGS__, NULL})

static inline size_t element_count(const Array* array) {
    size_t count = 1;
    for (int i = 0; i < 3; i++) count *= array->shape[i] ? (size_t)array->shape[i] : 1;
    return count;
}

static inline double element(const Array* array, size_t i) {
    switch (array->type) {
    case DOUBLE: return ((double*)array->elements)[i];
    case FLOAT: return ((float*)array->elements)[i];
    default: return ((int*)array->elements)[i];
    }
}

// Reals from 0 to 1, integers from 0 to 999.
static inline void set_random(Array* array, size_t i) {
    uint32_t random = next_random(&program.random);
    switch (array->type) {
    case DOUBLE: ((double*)array->elements)[i] = random * 0x1p-31; break;
    case FLOAT: ((float*)array->elements)[i] = (float)random * 0x1p-31f; break;
    default: ((int*)array->elements)[i] = (int)(random % 1000);
    }
}

static inline void* new_array(const char* name, Type type, const int shape[3]) {
    Array* array = &program.arrays[program.array_count++];
    *array = (Array){name, type, {shape[0], shape[1], shape[2]}, NULL};
    array->elements = malloc(element_count(array) * type_size[type]);
    if (array->elements == NULL) exit(3);
    for (size_t i = 0; i < element_count(array); i++) set_random(array, i);
    return array->elements;
}

static inline void dump(const char* when, const Array* array) {
    printf("%s %s", when, array->name);
    for (int i = 0; i < 3 && array->shape[i]; i++) printf(" %d", array->shape[i]);
    printf("\n");
    for (size_t i = 0; i < element_count(array); i++) printf("%a\n", element(array, i));
}

static inline void begin(int argc, char** argv) {
    program.dumping = argc > 1 && strcmp(argv[1], "dump") == 0;
    for (int i = 0; program.dumping && i < program.array_count; i++) dump("in", &program.arrays[i]);
    program.start = bench_now();
}

static inline const Array* find_array(const void* elements) {
    const Array* array = program.arrays;
    while (array->elements != elements) array++;
    return array;
}

static inline void finish(void* results[]) {
    Instant end = bench_now();
    uint64_t checksum = 0;
    for (; *results != NULL; results++) {
        const Array* array = find_array(*results);
        if (program.dumping) dump("out", array);
        for (size_t i = 0; i < element_count(array); i++) checksum = mix_double(checksum, element(array, i));
    }
    bench_report(program.start, end, checksum);
}
