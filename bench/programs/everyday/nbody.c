// The Sun and its four giant planets under gravity, n steps of a hundredth of a year each. Positions (astronomical
// units), speeds (units per day) and masses (of the Sun) are those of the Computer Language Benchmarks Game, whose
// published energies serve as known answers.
#include <math.h>

#include "arguments.h"
#include "bench.h"

#define BODIES 5
#define DAYS 365.24
#define SUN \
    (4 * 3.141592653589793 * 3.141592653589793)  // with years and units, gravity's constant becomes 4π²

typedef struct {
    double x, y, z, vx, vy, vz, mass;
} Body;

static Body bodies[BODIES] = {
    {0, 0, 0, 0, 0, 0, SUN},
    {4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
     1.66007664274403694e-03 * DAYS, 7.69901118419740425e-03 * DAYS, -6.90460016972063023e-05 * DAYS,
     9.54791938424326609e-04 * SUN},
    {8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
     -2.76742510726411857e-03 * DAYS, 4.99852801234917238e-03 * DAYS, 2.30417297573763929e-05 * DAYS,
     2.85885980666130812e-04 * SUN},
    {1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
     2.96460137564761618e-03 * DAYS, 2.37847173959480950e-03 * DAYS, -2.96589568540237556e-05 * DAYS,
     4.36624404335156298e-05 * SUN},
    {1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
     2.68067772490389322e-03 * DAYS, 1.62824170038242295e-03 * DAYS, -9.51592254519715870e-05 * DAYS,
     5.15138902046611451e-05 * SUN},
};

// The Sun moves so that the whole system rests.
static void rest(void) {
    Body* sun = &bodies[0];
    for (int i = 1; i < BODIES; i++) {
        sun->vx -= bodies[i].vx * bodies[i].mass / SUN;
        sun->vy -= bodies[i].vy * bodies[i].mass / SUN;
        sun->vz -= bodies[i].vz * bodies[i].mass / SUN;
    }
}

static void attract(Body* a, Body* b, double years) {
    double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
    double square = dx * dx + dy * dy + dz * dz;
    double pull = years / (square * sqrt(square));
    a->vx -= dx * b->mass * pull;
    a->vy -= dy * b->mass * pull;
    a->vz -= dz * b->mass * pull;
    b->vx += dx * a->mass * pull;
    b->vy += dy * a->mass * pull;
    b->vz += dz * a->mass * pull;
}

static void step(double years) {
    for (int i = 0; i < BODIES; i++) {
        for (int j = i + 1; j < BODIES; j++) attract(&bodies[i], &bodies[j], years);
    }
    for (int i = 0; i < BODIES; i++) {
        bodies[i].x += years * bodies[i].vx;
        bodies[i].y += years * bodies[i].vy;
        bodies[i].z += years * bodies[i].vz;
    }
}

static double energy(void) {
    double total = 0;
    for (int i = 0; i < BODIES; i++) {
        const Body* a = &bodies[i];
        total += 0.5 * a->mass * (a->vx * a->vx + a->vy * a->vy + a->vz * a->vz);
        for (int j = i + 1; j < BODIES; j++) {
            const Body* b = &bodies[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            total -= a->mass * b->mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return total;
}

static uint64_t mix_bodies(uint64_t sum) {
    for (int i = 0; i < BODIES; i++) {
        const Body* body = &bodies[i];
        const double numbers[] = {body->x, body->y, body->z, body->vx, body->vy, body->vz};
        for (int j = 0; j < 6; j++) sum = mix_double(sum, numbers[j]);
    }
    return sum;
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 2000000, 2000000000);
    rest();
    Instant from = bench_now();
    for (int i = 0; i < n; i++) step(0.01);
    bench_report(from, bench_now(), mix_bodies(0));
    printf("answer %.9f\n", energy());
    return 0;
}
