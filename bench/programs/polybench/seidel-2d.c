// seidel-2d: every inner element becomes the mean of itself and its eight neighbours, in place (Gauss–Seidel)
#include "polybench.h"

enum { STEPS = SIZE(20, 40, 100, 500), N = SIZE(40, 120, 400, 2000) };

NOINLINE static void seidel(double A[N][N]) {
    for (int t = 0; t < STEPS; t++)
        for (int i = 1; i < N - 1; i++)
            for (int j = 1; j < N - 1; j++) {
                double sum = A[i - 1][j - 1] + A[i - 1][j] + A[i - 1][j + 1] + A[i][j - 1] + A[i][j] +
                             A[i][j + 1] + A[i + 1][j - 1] + A[i + 1][j] + A[i + 1][j + 1];
                A[i][j] = sum / 9;
            }
}

int main(int argc, char** argv) {
    MATRIX(double, A, N, N);
    begin(argc, argv);
    seidel(A);
    FINISH(A);
}
