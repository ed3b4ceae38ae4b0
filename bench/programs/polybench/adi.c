// adi: the heat equation u_t = 2 u_yy + u_xx on a square whose edge is kept at 1, by alternating directions
// (Peaceman and Rachford). Each half step is implicit in one direction and explicit in the other; a line of
// the implicit one is a tridiagonal system, solved by elimination (Thomas): p and q are what a line leaves
// behind on the way there, x[j] = p[j] x[j + 1] + q[j].
#include "polybench.h"

enum { STEPS = SIZE(20, 40, 100, 500), N = SIZE(20, 60, 200, 1000) };

// Δt / (2 Δ²) times the diffusion, down the columns (y, the first index) and along the rows (x)
static const double DOWN = 2.0 * N * N / STEPS / 2, ALONG = 1.0 * N * N / STEPS / 2;

static inline void solve_columns(double u[N][N], double v[N][N], double p[N][N], double q[N][N]) {
    for (int i = 1; i < N - 1; i++) {
        v[0][i] = 1;
        p[i][0] = 0;
        q[i][0] = v[0][i];
        for (int j = 1; j < N - 1; j++) {
            double known = ALONG * u[j][i - 1] + (1 - 2 * ALONG) * u[j][i] + ALONG * u[j][i + 1];
            double pivot = 1 + 2 * DOWN - DOWN * p[i][j - 1];
            p[i][j] = DOWN / pivot;
            q[i][j] = (known + DOWN * q[i][j - 1]) / pivot;
        }
        v[N - 1][i] = 1;
        for (int j = N - 2; j >= 1; j--) v[j][i] = p[i][j] * v[j + 1][i] + q[i][j];
    }
}

static inline void solve_rows(double u[N][N], double v[N][N], double p[N][N], double q[N][N]) {
    for (int i = 1; i < N - 1; i++) {
        u[i][0] = 1;
        p[i][0] = 0;
        q[i][0] = u[i][0];
        for (int j = 1; j < N - 1; j++) {
            double known = DOWN * v[i - 1][j] + (1 - 2 * DOWN) * v[i][j] + DOWN * v[i + 1][j];
            double pivot = 1 + 2 * ALONG - ALONG * p[i][j - 1];
            p[i][j] = ALONG / pivot;
            q[i][j] = (known + ALONG * q[i][j - 1]) / pivot;
        }
        u[i][N - 1] = 1;
        for (int j = N - 2; j >= 1; j--) u[i][j] = p[i][j] * u[i][j + 1] + q[i][j];
    }
}

NOINLINE static void adi(double u[N][N], double v[N][N], double p[N][N], double q[N][N]) {
    for (int t = 0; t < STEPS; t++) {
        solve_columns(u, v, p, q);
        solve_rows(u, v, p, q);
    }
}

int main(int argc, char** argv) {
    MATRIX(double, u, N, N);
    MATRIX(double, v, N, N);
    MATRIX(double, p, N, N);
    MATRIX(double, q, N, N);
    for (int i = 0; i < N; i++) u[0][i] = u[N - 1][i] = u[i][0] = u[i][N - 1] = 1;
    begin(argc, argv);
    adi(u, v, p, q);
    FINISH(u);
}
