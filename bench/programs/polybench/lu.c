// lu: A = L U without pivoting, both in A's place; L's diagonal is 1 and not kept
#include "polybench.h"

enum { N = SIZE(40, 120, 400, 2000) };

NOINLINE static void lu(double A[N][N]) {
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < i; j++) {
            for (int k = 0; k < j; k++) A[i][j] -= A[i][k] * A[k][j];
            A[i][j] /= A[j][j];
        }
        for (int j = i; j < N; j++)
            for (int k = 0; k < i; k++) A[i][j] -= A[i][k] * A[k][j];
    }
}

int main(int argc, char** argv) {
    MATRIX(double, A, N, N);
    for (int i = 0; i < N; i++) A[i][i] += N;  // outweighs its row: no pivoting needed
    begin(argc, argv);
    lu(A);
    FINISH(A);
}
