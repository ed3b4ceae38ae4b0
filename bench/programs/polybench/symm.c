// symm: C := α A B + β C, where A is symmetric and only its lower triangle is looked at
#include "polybench.h"

enum { M = SIZE(20, 60, 200, 1000), N = SIZE(30, 80, 240, 1200) };

NOINLINE static void symm(double alpha, double beta, double C[M][N], double A[M][M], double B[M][N]) {
    for (int i = 0; i < M; i++)
        for (int j = 0; j < N; j++) {
            double left = 0;  // of the diagonal; what is right of it comes from the rows below
            for (int k = 0; k < i; k++) {
                C[k][j] += alpha * B[i][j] * A[i][k];
                left += B[k][j] * A[i][k];
            }
            C[i][j] = beta * C[i][j] + alpha * B[i][j] * A[i][i] + alpha * left;
        }
}

int main(int argc, char** argv) {
    SCALAR(alpha, 1.5);
    SCALAR(beta, 1.2);
    MATRIX(double, C, M, N);
    MATRIX(double, A, M, M);
    MATRIX(double, B, M, N);
    begin(argc, argv);
    symm(alpha, beta, C, A, B);
    FINISH(C);
}
