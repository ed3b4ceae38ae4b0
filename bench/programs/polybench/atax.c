// atax: y := Aᵀ (A x)
#include "polybench.h"

enum { M = SIZE(38, 116, 390, 1900), N = SIZE(42, 124, 410, 2100) };

NOINLINE static void atax(double A[M][N], double x[N], double y[N], double Ax[M]) {
    for (int j = 0; j < N; j++) y[j] = 0;
    for (int i = 0; i < M; i++) {
        Ax[i] = 0;
        for (int j = 0; j < N; j++) Ax[i] += A[i][j] * x[j];
        for (int j = 0; j < N; j++) y[j] += A[i][j] * Ax[i];
    }
}

int main(int argc, char** argv) {
    MATRIX(double, A, M, N);
    VECTOR(double, x, N);
    VECTOR(double, y, N);
    VECTOR(double, Ax, M);
    begin(argc, argv);
    atax(A, x, y, Ax);
    FINISH(y);
}
