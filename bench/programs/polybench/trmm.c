// trmm: B := α Aᵀ B, where A is lower triangular with ones on the diagonal, which are not looked at
#include "polybench.h"

enum { M = SIZE(20, 60, 200, 1000), N = SIZE(30, 80, 240, 1200) };

NOINLINE static void trmm(double alpha, double A[M][M], double B[M][N]) {
    for (int i = 0; i < M; i++)
        for (int j = 0; j < N; j++) {
            for (int k = i + 1; k < M; k++) B[i][j] += A[k][i] * B[k][j];
            B[i][j] *= alpha;
        }
}

int main(int argc, char** argv) {
    SCALAR(alpha, 1.5);
    MATRIX(double, A, M, M);
    MATRIX(double, B, M, N);
    begin(argc, argv);
    trmm(alpha, A, B);
    FINISH(B);
}
