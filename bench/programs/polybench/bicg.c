// bicg: q := A p and s := Aᵀ r, the two products of a step of the biconjugate gradient method
#include "polybench.h"

enum { M = SIZE(38, 116, 390, 1900), N = SIZE(42, 124, 410, 2100) };

NOINLINE static void bicg(double A[N][M], double s[M], double q[N], double p[M], double r[N]) {
    for (int j = 0; j < M; j++) s[j] = 0;
    for (int i = 0; i < N; i++) {
        q[i] = 0;
        for (int j = 0; j < M; j++) {
            s[j] += r[i] * A[i][j];
            q[i] += A[i][j] * p[j];
        }
    }
}

int main(int argc, char** argv) {
    MATRIX(double, A, N, M);
    VECTOR(double, s, M);
    VECTOR(double, q, N);
    VECTOR(double, p, M);
    VECTOR(double, r, N);
    begin(argc, argv);
    bicg(A, s, q, p, r);
    FINISH(s, q);
}
