// trisolv: L x = b, where L is lower triangular, by forward substitution
#include "polybench.h"

enum { N = SIZE(40, 120, 400, 2000) };

NOINLINE static void trisolv(double L[N][N], double x[N], double b[N]) {
    for (int i = 0; i < N; i++) {
        x[i] = b[i];
        for (int j = 0; j < i; j++) x[i] -= L[i][j] * x[j];
        x[i] /= L[i][i];
    }
}

int main(int argc, char** argv) {
    MATRIX(double, L, N, N);
    VECTOR(double, x, N);
    VECTOR(double, b, N);
    for (int i = 0; i < N; i++) L[i][i] += N;  // outweighs its row: errors do not grow
    begin(argc, argv);
    trisolv(L, x, b);
    FINISH(x);
}
