// covariance: of M variables, of which there are N observations each
#include "polybench.h"

enum { M = SIZE(28, 80, 240, 1200), N = SIZE(32, 100, 260, 1400) };

NOINLINE static void covariance(double data[N][M], double cov[M][M], double mean[M]) {
    for (int j = 0; j < M; j++) {
        mean[j] = 0;
        for (int i = 0; i < N; i++) mean[j] += data[i][j];
        mean[j] /= N;
    }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < M; j++) data[i][j] -= mean[j];
    for (int i = 0; i < M; i++)
        for (int j = i; j < M; j++) {
            cov[i][j] = 0;
            for (int k = 0; k < N; k++) cov[i][j] += data[k][i] * data[k][j];
            cov[i][j] /= N - 1;
            cov[j][i] = cov[i][j];
        }
}

int main(int argc, char** argv) {
    MATRIX(double, data, N, M);
    MATRIX(double, cov, M, M);
    VECTOR(double, mean, M);
    begin(argc, argv);
    covariance(data, cov, mean);
    FINISH(cov);
}
