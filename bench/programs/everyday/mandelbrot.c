// The Mandelbrot set on n × n points, at most 200 rounds each.
#include "arguments.h"
#include "bench.h"

#define ROUNDS 200

static int count_rounds(double cx, double cy) {
    double x = 0, y = 0;
    int i = 0;
    while (i < ROUNDS && x * x + y * y <= 4) {
        double t = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = t;
        i++;
    }
    return i;
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 900, 40000);  // the points inside are counted in 32 bits
    uint64_t sum = 0;
    int inside = 0;
    Instant from = bench_now();
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            int rounds = count_rounds(3.0 * j / n - 2.2, 2.4 * i / n - 1.2);
            inside += rounds == ROUNDS;
            sum = mix(sum, (uint64_t)rounds);
        }
    }
    bench_report(from, bench_now(), sum);
    printf("answer %d\n", inside);
    return 0;
}
