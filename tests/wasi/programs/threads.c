// Four threads count primes up to 40,000, by turns at a lock and by atomic additions; the first thread prints what they
// found. zig's WASI libc has only stand-ins for pthreads, so threads are made as wasi-threads says.
#include <stdint.h>
#include <stdio.h>

#define THREADS 4
#define STACK 65536
#define LIMIT 40000

// thread_start.s reads the first word.
struct thread {
    char* stack_top;
    int number;
};

__attribute__((import_module("wasi"), import_name("thread-spawn"))) int thread_spawn(struct thread* thread);

static char stacks[THREADS][STACK] __attribute__((aligned(16)));
static struct thread threads[THREADS];
static int next = 2, primes, lock, running = THREADS;
static uint64_t sum;  // behind the lock

static void acquire(void) {
    while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE)) __builtin_wasm_memory_atomic_wait32(&lock, 1, -1);
}

static void release(void) {
    __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
    __builtin_wasm_memory_atomic_notify(&lock, 1);
}

static int is_prime(int number) {
    for (int i = 2; i * i <= number; i++)
        if (number % i == 0) return 0;
    return 1;
}

void thread_main(int id, struct thread* thread) {
    (void)id;
    (void)thread;
    for (int number; (number = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED)) <= LIMIT;) {
        if (!is_prime(number)) continue;
        __atomic_fetch_add(&primes, 1, __ATOMIC_RELAXED);
        acquire();
        sum += (uint64_t)number;
        release();
    }
    if (__atomic_sub_fetch(&running, 1, __ATOMIC_ACQ_REL) == 0) __builtin_wasm_memory_atomic_notify(&running, 1);
}

int main(void) {
    for (int i = 0; i < THREADS; i++) {
        threads[i] = (struct thread){stacks[i] + STACK, i};
        if (thread_spawn(&threads[i]) < 0) return 1;
    }
    for (int left; (left = __atomic_load_n(&running, __ATOMIC_ACQUIRE));)
        __builtin_wasm_memory_atomic_wait32(&running, left, 10000000);
    printf("%d primes, sum %llu\n", primes, (unsigned long long)sum);
    return 0;
}
