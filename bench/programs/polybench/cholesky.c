// cholesky: the lower triangular L with L Lᵀ = A, in A's place; what is above the diagonal is not looked at
#include "polybench.h"

#include <math.h>

enum { N = SIZE(40, 120, 400, 2000) };

NOINLINE static void cholesky(double A[N][N]) {
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < i; j++) {
            for (int k = 0; k < j; k++) A[i][j] -= A[i][k] * A[j][k];
            A[i][j] /= A[j][j];
        }
        for (int k = 0; k < i; k++) A[i][i] -= A[i][k] * A[i][k];
        A[i][i] = sqrt(A[i][i]);
    }
}

int main(int argc, char** argv) {
    MATRIX(double, A, N, N);
    for (int i = 0; i < N; i++) A[i][i] += N;  // positive definite, for the diagonal outweighs its row
    begin(argc, argv);
    cholesky(A);
    FINISH(A);
}
