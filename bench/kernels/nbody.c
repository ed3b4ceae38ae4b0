// n = 2000000
// Five bodies under gravity, n steps.
#include "kernel.h"

#define BODIES 5

typedef struct {
    double x, y, z, vx, vy, vz, mass;
} Body;

static Body bodies[BODIES];

static void place(void)
{
    u64 state = 7;
    for (i32 i = 0; i < BODIES; i++) {
        Body *b = &bodies[i];
        b->x = (double)(next_random(&state) % 1000) / 50;
        b->y = (double)(next_random(&state) % 1000) / 50;
        b->z = (double)(next_random(&state) % 1000) / 50;
        b->vx = (double)(next_random(&state) % 1000) / 1000;
        b->vy = (double)(next_random(&state) % 1000) / 1000;
        b->vz = (double)(next_random(&state) % 1000) / 1000;
        b->mass = i == 0 ? 40 : 0.01 * (i + 1);
    }
}

static void step(double dt)
{
    for (i32 i = 0; i < BODIES; i++)
        for (i32 j = i + 1; j < BODIES; j++) {
            Body *a = &bodies[i], *b = &bodies[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            double square = dx * dx + dy * dy + dz * dz + 0.01;
            double pull = dt / (square * __builtin_sqrt(square));
            a->vx -= dx * b->mass * pull;
            a->vy -= dy * b->mass * pull;
            a->vz -= dz * b->mass * pull;
            b->vx += dx * a->mass * pull;
            b->vy += dy * a->mass * pull;
            b->vz += dz * a->mass * pull;
        }
    for (i32 i = 0; i < BODIES; i++) {
        bodies[i].x += dt * bodies[i].vx;
        bodies[i].y += dt * bodies[i].vy;
        bodies[i].z += dt * bodies[i].vz;
    }
}

EXPORT i64 run(i32 n)
{
    u64 sum = 0;
    place();
    for (i32 i = 0; i < n; i++)
        step(0.001);
    for (i32 i = 0; i < BODIES; i++)
        sum = mix_double(mix_double(sum, bodies[i].x), bodies[i].vy);
    return (i64)sum;
}
