// syrk: C := α A Aᵀ + β C, of which only the lower triangle is computed
#include "polybench.h"

enum { M = SIZE(20, 60, 200, 1000), N = SIZE(30, 80, 240, 1200) };

NOINLINE static void syrk(double alpha, double beta, double C[N][N], double A[N][M]) {
    for (int i = 0; i < N; i++) {
        for (int j = 0; j <= i; j++) C[i][j] *= beta;
        for (int k = 0; k < M; k++)
            for (int j = 0; j <= i; j++) C[i][j] += alpha * A[i][k] * A[j][k];
    }
}

int main(int argc, char** argv) {
    SCALAR(alpha, 1.5);
    SCALAR(beta, 1.2);
    MATRIX(double, C, N, N);
    MATRIX(double, A, N, M);
    begin(argc, argv);
    syrk(alpha, beta, C, A);
    FINISH(C);
}
