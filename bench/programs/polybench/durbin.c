// durbin: T y = -r, where T is the symmetric Toeplitz matrix whose first row is 1, r[0], …, r[N - 2] (the
// Yule–Walker equations), by Durbin's recursion: the solution for k + 1 unknowns from that for k.
#include "polybench.h"

enum { N = SIZE(40, 120, 400, 2000) };

NOINLINE static void durbin(double r[N], double y[N]) {
    double next[N];
    y[0] = -r[0];
    double alpha = -r[0], beta = 1;
    for (int k = 1; k < N; k++) {
        beta *= 1 - alpha * alpha;
        double sum = 0;
        for (int i = 0; i < k; i++) sum += r[k - i - 1] * y[i];
        alpha = -(r[k] + sum) / beta;
        for (int i = 0; i < k; i++) next[i] = y[i] + alpha * y[k - i - 1];
        for (int i = 0; i < k; i++) y[i] = next[i];
        y[k] = alpha;
    }
}

int main(int argc, char** argv) {
    VECTOR(double, r, N);
    VECTOR(double, y, N);
    for (int i = 0; i < N; i++) r[i] /= 2 * N;  // T is positive definite, for the diagonal outweighs its row
    begin(argc, argv);
    durbin(r, y);
    FINISH(y);
}
