// mvt: x1 := x1 + A y1, x2 := x2 + Aᵀ y2
#include "polybench.h"

enum { N = SIZE(40, 120, 400, 2000) };

NOINLINE static void mvt(double x1[N], double x2[N], double y1[N], double y2[N], double A[N][N]) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) x1[i] += A[i][j] * y1[j];
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) x2[i] += A[j][i] * y2[j];
}

int main(int argc, char** argv) {
    VECTOR(double, x1, N);
    VECTOR(double, x2, N);
    VECTOR(double, y1, N);
    VECTOR(double, y2, N);
    MATRIX(double, A, N, N);
    begin(argc, argv);
    mvt(x1, x2, y1, y2, A);
    FINISH(x1, x2);
}
