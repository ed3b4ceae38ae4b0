// gemm: C := α A B + β C
#include "polybench.h"

enum { NI = SIZE(20, 60, 200, 1000), NJ = SIZE(25, 70, 220, 1100), NK = SIZE(30, 80, 240, 1200) };

NOINLINE static void gemm(double alpha, double beta, double C[NI][NJ], double A[NI][NK], double B[NK][NJ]) {
    for (int i = 0; i < NI; i++) {
        for (int j = 0; j < NJ; j++) C[i][j] *= beta;
        for (int k = 0; k < NK; k++)
            for (int j = 0; j < NJ; j++) C[i][j] += alpha * A[i][k] * B[k][j];
    }
}

int main(int argc, char** argv) {
    SCALAR(alpha, 1.5);
    SCALAR(beta, 1.2);
    MATRIX(double, C, NI, NJ);
    MATRIX(double, A, NI, NK);
    MATRIX(double, B, NK, NJ);
    begin(argc, argv);
    gemm(alpha, beta, C, A, B);
    FINISH(C);
}
