// gemver: A := A + u1 v1ᵀ + u2 v2ᵀ, x := β Aᵀ y + z, w := α A x
#include "polybench.h"

enum { N = SIZE(40, 120, 400, 2000) };

NOINLINE static void gemver(double alpha, double beta, double A[N][N], double u1[N], double v1[N],
                            double u2[N], double v2[N], double w[N], double x[N], double y[N], double z[N]) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) A[i][j] += u1[i] * v1[j] + u2[i] * v2[j];
    for (int i = 0; i < N; i++) {
        x[i] = z[i];
        for (int j = 0; j < N; j++) x[i] += beta * A[j][i] * y[j];
    }
    for (int i = 0; i < N; i++) {
        w[i] = 0;
        for (int j = 0; j < N; j++) w[i] += alpha * A[i][j] * x[j];
    }
}

int main(int argc, char** argv) {
    SCALAR(alpha, 1.5);
    SCALAR(beta, 1.2);
    MATRIX(double, A, N, N);
    VECTOR(double, u1, N);
    VECTOR(double, v1, N);
    VECTOR(double, u2, N);
    VECTOR(double, v2, N);
    VECTOR(double, w, N);
    VECTOR(double, x, N);
    VECTOR(double, y, N);
    VECTOR(double, z, N);
    begin(argc, argv);
    gemver(alpha, beta, A, u1, v1, u2, v2, w, x, y, z);
    FINISH(A, x, w);
}
