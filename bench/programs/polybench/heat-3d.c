// heat-3d: the heat equation in a cube whose surface is kept as it is, by explicit steps from A to B and back
#include "polybench.h"

enum { STEPS = SIZE(20, 40, 100, 500), N = SIZE(10, 20, 40, 120) };

static inline void step(double from[N][N][N], double to[N][N][N]) {
    for (int i = 1; i < N - 1; i++)
        for (int j = 1; j < N - 1; j++)
            for (int k = 1; k < N - 1; k++)
                to[i][j][k] = 0.125 * (from[i + 1][j][k] - 2 * from[i][j][k] + from[i - 1][j][k]) +
                              0.125 * (from[i][j + 1][k] - 2 * from[i][j][k] + from[i][j - 1][k]) +
                              0.125 * (from[i][j][k + 1] - 2 * from[i][j][k] + from[i][j][k - 1]) +
                              from[i][j][k];
}

NOINLINE static void heat(double A[N][N][N], double B[N][N][N]) {
    for (int t = 0; t < STEPS; t++) {
        step(A, B);
        step(B, A);
    }
}

int main(int argc, char** argv) {
    CUBE(double, A, N, N, N);
    CUBE(double, B, N, N, N);
    begin(argc, argv);
    heat(A, B);
    FINISH(A);
}
