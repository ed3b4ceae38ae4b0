// deriche: an image smoothed in both directions by k (α |n| + 1) exp(-α |n|), k making the weights' sum 1.
// In each direction that is two recursive filters (Deriche): one runs forward over what lies before a pixel
// and the pixel itself, one backward over what lies behind it, and the results are added.
#include "polybench.h"

enum { W = SIZE(64, 192, 720, 4096), H = SIZE(64, 128, 480, 2160) };

// The weights of x[n], x[n - 1] forward, of x[n + 1], x[n + 2] backward, of the last two results in both.
typedef struct {
    float now, last, next, second, result, second_result;
} Filter;

// For α = 1/4; its exponential is written out, since mathematical libraries differ in the last bit.
static inline Filter make_filter(void) {
    const float alpha = 0.25f, e = 0x1.8ebefap-1f;
    const float k = (1 - e) * (1 - e) / (1 + 2 * alpha * e - e * e);
    return (Filter){k, k * e * (alpha - 1), k * e * (alpha + 1), -k * e * e, 2 * e, -e * e};
}

// A line of pixels is a row (step 1) or a column (step H).
static inline void run_forward(Filter f, const float* x, float* y, int length, int step) {
    float x1 = 0, y1 = 0, y2 = 0;
    for (int n = 0; n < length; n++) {
        y[n * step] = f.now * x[n * step] + f.last * x1 + f.result * y1 + f.second_result * y2;
        x1 = x[n * step];
        y2 = y1;
        y1 = y[n * step];
    }
}

static inline void run_backward(Filter f, const float* x, float* y, int length, int step) {
    float x1 = 0, x2 = 0, y1 = 0, y2 = 0;
    for (int n = length - 1; n >= 0; n--) {
        y[n * step] = f.next * x1 + f.second * x2 + f.result * y1 + f.second_result * y2;
        x2 = x1;
        x1 = x[n * step];
        y2 = y1;
        y1 = y[n * step];
    }
}

static inline void add(float sum[W][H], float a[W][H], float b[W][H]) {
    for (int i = 0; i < W; i++)
        for (int j = 0; j < H; j++) sum[i][j] = a[i][j] + b[i][j];
}

NOINLINE static void deriche(float image[W][H], float out[W][H], float before[W][H], float behind[W][H]) {
    const Filter filter = make_filter();
    for (int i = 0; i < W; i++) run_forward(filter, image[i], before[i], H, 1);
    for (int i = 0; i < W; i++) run_backward(filter, image[i], behind[i], H, 1);
    add(out, before, behind);
    for (int j = 0; j < H; j++) run_forward(filter, &out[0][j], &before[0][j], W, H);
    for (int j = 0; j < H; j++) run_backward(filter, &out[0][j], &behind[0][j], W, H);
    add(out, before, behind);
}

int main(int argc, char** argv) {
    MATRIX(float, image, W, H);
    MATRIX(float, out, W, H);
    MATRIX(float, before, W, H);
    MATRIX(float, behind, W, H);
    begin(argc, argv);
    deriche(image, out, before, behind);
    FINISH(out);
}
