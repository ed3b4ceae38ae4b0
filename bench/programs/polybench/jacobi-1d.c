// jacobi-1d: every inner element becomes the mean of itself and its two neighbours, from A to B and back
#include "polybench.h"

enum { STEPS = SIZE(20, 40, 100, 500), N = SIZE(30, 120, 400, 2000) };

static inline void step(double from[N], double to[N]) {
    for (int i = 1; i < N - 1; i++) to[i] = 1.0 / 3 * (from[i - 1] + from[i] + from[i + 1]);
}

NOINLINE static void jacobi(double A[N], double B[N]) {
    for (int t = 0; t < STEPS; t++) {
        step(A, B);
        step(B, A);
    }
}

int main(int argc, char** argv) {
    VECTOR(double, A, N);
    VECTOR(double, B, N);
    begin(argc, argv);
    jacobi(A, B);
    FINISH(A);
}
