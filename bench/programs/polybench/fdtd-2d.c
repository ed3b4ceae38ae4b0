// fdtd-2d: an electromagnetic wave in the plane by finite differences in the time domain (Yee): the electric
// field follows the magnetic one and the reverse, and a given signal comes in over the edge x = 0.
#include "polybench.h"

enum {
    STEPS = SIZE(20, 40, 100, 500),
    NX = SIZE(20, 60, 200, 1000),
    NY = SIZE(30, 80, 240, 1200),
};

NOINLINE static void fdtd(double ex[NX][NY], double ey[NX][NY], double hz[NX][NY], double signal[STEPS]) {
    for (int t = 0; t < STEPS; t++) {
        for (int j = 0; j < NY; j++) ey[0][j] = signal[t];
        for (int i = 1; i < NX; i++)
            for (int j = 0; j < NY; j++) ey[i][j] -= 0.5 * (hz[i][j] - hz[i - 1][j]);
        for (int i = 0; i < NX; i++)
            for (int j = 1; j < NY; j++) ex[i][j] -= 0.5 * (hz[i][j] - hz[i][j - 1]);
        for (int i = 0; i < NX - 1; i++)
            for (int j = 0; j < NY - 1; j++)
                hz[i][j] -= 0.7 * (ex[i][j + 1] - ex[i][j] + ey[i + 1][j] - ey[i][j]);
    }
}

int main(int argc, char** argv) {
    MATRIX(double, ex, NX, NY);
    MATRIX(double, ey, NX, NY);
    MATRIX(double, hz, NX, NY);
    VECTOR(double, signal, STEPS);
    begin(argc, argv);
    fdtd(ex, ey, hz, signal);
    FINISH(ex, ey, hz);
}
