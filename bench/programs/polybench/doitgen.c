// doitgen: A(r, q, p) := Σ_s A(r, q, s) C(s, p), from multiresolution analysis
#include "polybench.h"

enum { NQ = SIZE(8, 20, 40, 140), NR = SIZE(10, 25, 50, 150), NP = SIZE(12, 30, 60, 160) };

NOINLINE static void doitgen(double A[NR][NQ][NP], double C[NP][NP], double sum[NP]) {
    for (int r = 0; r < NR; r++)
        for (int q = 0; q < NQ; q++) {
            for (int p = 0; p < NP; p++) {
                sum[p] = 0;
                for (int s = 0; s < NP; s++) sum[p] += A[r][q][s] * C[s][p];
            }
            for (int p = 0; p < NP; p++) A[r][q][p] = sum[p];
        }
}

int main(int argc, char** argv) {
    CUBE(double, A, NR, NQ, NP);
    MATRIX(double, C, NP, NP);
    VECTOR(double, sum, NP);
    begin(argc, argv);
    doitgen(A, C, sum);
    FINISH(A);
}
