// ludcmp: A x = b, by A = L U without pivoting, L y = b, U x = y
#include "polybench.h"

enum { N = SIZE(40, 120, 400, 2000) };

static inline void decompose(double A[N][N]) {
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < i; j++) {
            double rest = A[i][j];
            for (int k = 0; k < j; k++) rest -= A[i][k] * A[k][j];
            A[i][j] = rest / A[j][j];
        }
        for (int j = i; j < N; j++) {
            double rest = A[i][j];
            for (int k = 0; k < i; k++) rest -= A[i][k] * A[k][j];
            A[i][j] = rest;
        }
    }
}

NOINLINE static void solve(double A[N][N], double b[N], double x[N], double y[N]) {
    decompose(A);
    for (int i = 0; i < N; i++) {
        double rest = b[i];
        for (int j = 0; j < i; j++) rest -= A[i][j] * y[j];
        y[i] = rest;
    }
    for (int i = N - 1; i >= 0; i--) {
        double rest = y[i];
        for (int j = i + 1; j < N; j++) rest -= A[i][j] * x[j];
        x[i] = rest / A[i][i];
    }
}

int main(int argc, char** argv) {
    MATRIX(double, A, N, N);
    VECTOR(double, b, N);
    VECTOR(double, x, N);
    VECTOR(double, y, N);
    for (int i = 0; i < N; i++) A[i][i] += N;  // outweighs its row: no pivoting needed
    begin(argc, argv);
    solve(A, b, x, y);
    FINISH(x);
}
