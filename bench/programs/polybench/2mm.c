// 2mm: D := α A B C + β D
#include "polybench.h"

enum {
    NI = SIZE(16, 40, 180, 800),
    NJ = SIZE(18, 50, 190, 900),
    NK = SIZE(22, 70, 210, 1100),
    NL = SIZE(24, 80, 220, 1200),
};

NOINLINE static void two_products(double alpha, double beta, double AB[NI][NJ], double A[NI][NK],
                                  double B[NK][NJ], double C[NJ][NL], double D[NI][NL]) {
    for (int i = 0; i < NI; i++)
        for (int j = 0; j < NJ; j++) {
            AB[i][j] = 0;
            for (int k = 0; k < NK; k++) AB[i][j] += alpha * A[i][k] * B[k][j];
        }
    for (int i = 0; i < NI; i++)
        for (int j = 0; j < NL; j++) {
            D[i][j] *= beta;
            for (int k = 0; k < NJ; k++) D[i][j] += AB[i][k] * C[k][j];
        }
}

int main(int argc, char** argv) {
    SCALAR(alpha, 1.5);
    SCALAR(beta, 1.2);
    MATRIX(double, AB, NI, NJ);
    MATRIX(double, A, NI, NK);
    MATRIX(double, B, NK, NJ);
    MATRIX(double, C, NJ, NL);
    MATRIX(double, D, NI, NL);
    begin(argc, argv);
    two_products(alpha, beta, AB, A, B, C, D);
    FINISH(D);
}
