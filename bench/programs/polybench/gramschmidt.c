// gramschmidt: A = Q R, Q's columns orthonormal and R upper triangular, by the modified Gram–Schmidt process.
// PolyBench's sizes give A more columns than it has rows: the last ones would be normalised rounding errors,
// which are no result. Here the two numbers are exchanged.
#include "polybench.h"

#include <math.h>

enum { M = SIZE(30, 80, 240, 1200), N = SIZE(20, 60, 200, 1000) };

NOINLINE static void gram_schmidt(double A[M][N], double R[N][N], double Q[M][N]) {
    for (int k = 0; k < N; k++) {
        double square = 0;
        for (int i = 0; i < M; i++) square += A[i][k] * A[i][k];
        R[k][k] = sqrt(square);
        for (int i = 0; i < M; i++) Q[i][k] = A[i][k] / R[k][k];
        for (int j = k + 1; j < N; j++) {
            R[k][j] = 0;
            for (int i = 0; i < M; i++) R[k][j] += Q[i][k] * A[i][j];
            for (int i = 0; i < M; i++) A[i][j] -= Q[i][k] * R[k][j];
        }
    }
}

int main(int argc, char** argv) {
    MATRIX(double, A, M, N);
    MATRIX(double, R, N, N);
    MATRIX(double, Q, M, N);
    begin(argc, argv);
    gram_schmidt(A, R, Q);
    FINISH(Q, R);
}
