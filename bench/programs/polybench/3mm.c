// 3mm: G := (A B) (C D)
#include "polybench.h"

enum {
    NI = SIZE(16, 40, 180, 800),
    NJ = SIZE(18, 50, 190, 900),
    NK = SIZE(20, 60, 200, 1000),
    NL = SIZE(22, 70, 210, 1100),
    NM = SIZE(24, 80, 220, 1200),
};

NOINLINE static void three_products(double AB[NI][NJ], double A[NI][NK], double B[NK][NJ], double CD[NJ][NL],
                                    double C[NJ][NM], double D[NM][NL], double G[NI][NL]) {
    for (int i = 0; i < NI; i++)
        for (int j = 0; j < NJ; j++) {
            AB[i][j] = 0;
            for (int k = 0; k < NK; k++) AB[i][j] += A[i][k] * B[k][j];
        }
    for (int i = 0; i < NJ; i++)
        for (int j = 0; j < NL; j++) {
            CD[i][j] = 0;
            for (int k = 0; k < NM; k++) CD[i][j] += C[i][k] * D[k][j];
        }
    for (int i = 0; i < NI; i++)
        for (int j = 0; j < NL; j++) {
            G[i][j] = 0;
            for (int k = 0; k < NJ; k++) G[i][j] += AB[i][k] * CD[k][j];
        }
}

int main(int argc, char** argv) {
    MATRIX(double, AB, NI, NJ);
    MATRIX(double, A, NI, NK);
    MATRIX(double, B, NK, NJ);
    MATRIX(double, CD, NJ, NL);
    MATRIX(double, C, NJ, NM);
    MATRIX(double, D, NM, NL);
    MATRIX(double, G, NI, NL);
    begin(argc, argv);
    three_products(AB, A, B, CD, C, D, G);
    FINISH(G);
}
