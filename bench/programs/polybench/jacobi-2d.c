// jacobi-2d: every inner element becomes the mean of itself and its four neighbours, from A to B and back
#include "polybench.h"

enum { STEPS = SIZE(20, 40, 100, 500), N = SIZE(30, 90, 250, 1300) };

static inline void step(double from[N][N], double to[N][N]) {
    for (int i = 1; i < N - 1; i++)
        for (int j = 1; j < N - 1; j++)
            to[i][j] = 0.2 * (from[i][j] + from[i][j - 1] + from[i][j + 1] + from[i + 1][j] + from[i - 1][j]);
}

NOINLINE static void jacobi(double A[N][N], double B[N][N]) {
    for (int t = 0; t < STEPS; t++) {
        step(A, B);
        step(B, A);
    }
}

int main(int argc, char** argv) {
    MATRIX(double, A, N, N);
    MATRIX(double, B, N, N);
    begin(argc, argv);
    jacobi(A, B);
    FINISH(A);
}
