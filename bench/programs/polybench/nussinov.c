// nussinov: how many pairs of bases an RNA can form when it folds without crossings (Nussinov): pairs[i][j]
// for the bases from i to j. The bases are 0 to 3; those pair whose sum is 3, unless they are neighbours.
#include "polybench.h"

enum { N = SIZE(60, 180, 500, 2500) };

static inline int larger(int a, int b) { return a > b ? a : b; }

NOINLINE static void nussinov(int base[N], int pairs[N][N]) {
    for (int i = N - 2; i >= 0; i--)
        for (int j = i + 1; j < N; j++) {
            int fits = j > i + 1 && base[i] + base[j] == 3;
            pairs[i][j] = larger(pairs[i][j - 1], pairs[i + 1][j]);
            pairs[i][j] = larger(pairs[i][j], pairs[i + 1][j - 1] + fits);
            for (int k = i + 1; k < j; k++) pairs[i][j] = larger(pairs[i][j], pairs[i][k] + pairs[k + 1][j]);
        }
}

int main(int argc, char** argv) {
    VECTOR(int, base, N);
    MATRIX(int, pairs, N, N);
    for (int i = 0; i < N; i++) base[i] %= 4;
    memset(pairs, 0, sizeof(int[N][N]));  // an empty stretch has none
    begin(argc, argv);
    nussinov(base, pairs);
    FINISH(pairs);
}
