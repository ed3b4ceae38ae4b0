// The system around a program that wasm2c turned into C: as much of WASI preview 1 as the programs ask for.
// Names are those of wabt 1.0.32; `program.h` is what wasm2c wrote beside the C, with the module named "program".
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "program.h"

#define WASI(name) Z_wasi_snapshot_preview1Z_##name

enum { SUCCESS = 0, BADF = 8, INVAL = 28, IO = 29, SPIPE = 70, CHARACTER_DEVICE = 2, MAX_IOVECS = 1024 };

typedef struct Z_wasi_snapshot_preview1_instance_t {
    wasm_rt_memory_t* memory;
    int argc;
    char** argv;
} Host;

static void* guest(const Host* host, u32 address, size_t size) {
    if (address > host->memory->size || size > host->memory->size - address) wasm_rt_trap(WASM_RT_TRAP_OOB);
    return host->memory->data + address;
}

static void put(Host* host, u32 address, const void* value, size_t size) {
    memcpy(guest(host, address, size), value, size);
}

static void put_u32(Host* host, u32 address, size_t value) {
    put(host, address, &(u32){(u32)value}, sizeof(u32));
}

u32 WASI(clock_time_get)(Host* host, u32 clock, u64 precision, u32 result) {
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID};
    struct timespec time;
    (void)precision;
    if (clock >= sizeof clocks / sizeof *clocks || clock_gettime(clocks[clock], &time) != 0) return INVAL;
    u64 nanoseconds = (u64)time.tv_sec * 1000000000u + (u64)time.tv_nsec;
    put(host, result, &nanoseconds, sizeof nanoseconds);
    return SUCCESS;
}

u32 WASI(fd_write)(Host* host, u32 descriptor, u32 iovecs, u32 count, u32 result) {
    struct iovec buffers[MAX_IOVECS];
    if (descriptor != STDOUT_FILENO && descriptor != STDERR_FILENO) return BADF;
    if (count > MAX_IOVECS) return INVAL;
    for (u32 i = 0; i < count; i++) {
        u32 pair[2];
        memcpy(pair, guest(host, iovecs + i * sizeof pair, sizeof pair), sizeof pair);
        buffers[i] = (struct iovec){guest(host, pair[0], pair[1]), pair[1]};
    }
    ssize_t written = writev((int)descriptor, buffers, (int)count);
    if (written < 0) return IO;
    put_u32(host, result, (size_t)written);
    return SUCCESS;
}

u32 WASI(fd_fdstat_get)(Host* host, u32 descriptor, u32 result) {
    if (descriptor > STDERR_FILENO) return BADF;
    memset(guest(host, result, 24), 0, 24);
    put(host, result, &(u8){CHARACTER_DEVICE}, 1);
    return SUCCESS;
}

// There are no directories: the first descriptor after the standard ones says so.
u32 WASI(fd_prestat_get)(Host* host, u32 descriptor, u32 result) {
    (void)host, (void)descriptor, (void)result;
    return BADF;
}

u32 WASI(fd_prestat_dir_name)(Host* host, u32 descriptor, u32 path, u32 size) {
    (void)host, (void)descriptor, (void)path, (void)size;
    return BADF;
}

u32 WASI(fd_seek)(Host* host, u32 descriptor, u64 offset, u32 whence, u32 result) {
    (void)host, (void)offset, (void)whence, (void)result;
    return descriptor > STDERR_FILENO ? BADF : SPIPE;
}

u32 WASI(fd_close)(Host* host, u32 descriptor) {
    (void)host;
    return descriptor > STDERR_FILENO ? BADF : SUCCESS;
}

u32 WASI(args_sizes_get)(Host* host, u32 count, u32 bytes) {
    size_t total = 0;
    for (int i = 0; i < host->argc; i++) total += strlen(host->argv[i]) + 1;
    put_u32(host, count, (size_t)host->argc);
    put_u32(host, bytes, total);
    return SUCCESS;
}

u32 WASI(args_get)(Host* host, u32 pointers, u32 text) {
    for (int i = 0; i < host->argc; i++) {
        size_t size = strlen(host->argv[i]) + 1;
        put_u32(host, pointers + (u32)i * sizeof(u32), text);
        put(host, text, host->argv[i], size);
        text += (u32)size;
    }
    return SUCCESS;
}

u32 WASI(environ_sizes_get)(Host* host, u32 count, u32 bytes) {
    put_u32(host, count, 0);
    put_u32(host, bytes, 0);
    return SUCCESS;
}

u32 WASI(environ_get)(Host* host, u32 pointers, u32 text) {
    (void)host, (void)pointers, (void)text;
    return SUCCESS;
}

void WASI(proc_exit)(Host* host, u32 code) {
    (void)host;
    exit((int)code);
}

int main(int argc, char** argv) {
    static Z_program_instance_t program;
    Host host = {NULL, argc, argv};
    wasm_rt_init();
    Z_program_init_module();
    Z_program_instantiate(&program, &host);
    host.memory = Z_programZ_memory(&program);
    Z_programZ__start(&program);
    return 0;
}
