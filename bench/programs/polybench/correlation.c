// correlation: of M variables, of which there are N observations each (Pearson)
#include "polybench.h"

#include <math.h>

enum { M = SIZE(28, 80, 240, 1200), N = SIZE(32, 100, 260, 1400) };

NOINLINE static void correlation(double data[N][M], double r[M][M], double mean[M], double deviation[M]) {
    for (int j = 0; j < M; j++) {
        mean[j] = 0;
        for (int i = 0; i < N; i++) mean[j] += data[i][j];
        mean[j] /= N;
    }
    for (int j = 0; j < M; j++) {
        deviation[j] = 0;
        for (int i = 0; i < N; i++) deviation[j] += (data[i][j] - mean[j]) * (data[i][j] - mean[j]);
        deviation[j] = sqrt(deviation[j] / N);
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < M; j++) {
            data[i][j] -= mean[j];
            data[i][j] /= sqrt(N) * deviation[j];
        }
    for (int i = 0; i < M; i++) {
        r[i][i] = 1;
        for (int j = i + 1; j < M; j++) {
            r[i][j] = 0;
            for (int k = 0; k < N; k++) r[i][j] += data[k][i] * data[k][j];
            r[j][i] = r[i][j];
        }
    }
}

int main(int argc, char** argv) {
    MATRIX(double, data, N, M);
    MATRIX(double, r, M, M);
    VECTOR(double, mean, M);
    VECTOR(double, deviation, M);
    begin(argc, argv);
    correlation(data, r, mean, deviation);
    FINISH(r);
}
