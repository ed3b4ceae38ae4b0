// gesummv: y := α A x + β B x
#include "polybench.h"

enum { N = SIZE(30, 90, 250, 1300) };

NOINLINE static void gesummv(double alpha, double beta, double A[N][N], double B[N][N], double Ax[N],
                             double x[N], double y[N]) {
    for (int i = 0; i < N; i++) {
        Ax[i] = 0;
        y[i] = 0;
        for (int j = 0; j < N; j++) {
            Ax[i] += A[i][j] * x[j];
            y[i] += B[i][j] * x[j];
        }
        y[i] = alpha * Ax[i] + beta * y[i];
    }
}

int main(int argc, char** argv) {
    SCALAR(alpha, 1.5);
    SCALAR(beta, 1.2);
    MATRIX(double, A, N, N);
    MATRIX(double, B, N, N);
    VECTOR(double, Ax, N);
    VECTOR(double, x, N);
    VECTOR(double, y, N);
    begin(argc, argv);
    gesummv(alpha, beta, A, B, Ax, x, y);
    FINISH(y);
}
