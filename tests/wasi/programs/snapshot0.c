// Calls functions of wasi_unstable whose layouts differ from preview 1's, with the records declared as snapshot 0
// describes them: the compiler lays them out. The C library below imports preview 1, so one module has both.
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IMPORT(name) __attribute__((import_module("wasi_unstable"), import_name(#name)))

enum { CUR, END, SET };

struct filestat {
    uint64_t dev, ino;
    uint8_t filetype;
    uint32_t nlink;
    uint64_t size, atim, mtim, ctim;
};

struct subscription {
    uint64_t userdata;
    uint8_t type;
    union {
        struct {
            uint64_t identifier;
            uint32_t id;
            uint64_t timeout, precision;
            uint16_t flags;
        } clock;
        struct {
            uint32_t fd;
        } readwrite;
    };
};

struct event {
    uint64_t userdata;
    uint16_t error;
    uint8_t type;
    struct {
        uint64_t nbytes;
        uint16_t flags;
    } readwrite;
};

uint16_t old_seek(uint32_t fd, int64_t offset, uint8_t whence, uint64_t* at) IMPORT(fd_seek);
uint16_t old_stat(uint32_t fd, struct filestat* status) IMPORT(fd_filestat_get);
uint16_t old_path_stat(uint32_t fd, uint32_t lookup, const char* path, size_t length, struct filestat* status)
    IMPORT(path_filestat_get);
uint16_t old_poll(const struct subscription* in, struct event* out, size_t count, size_t* came) IMPORT(poll_oneoff);
uint16_t old_write(uint32_t fd, const void* buffers, size_t count, size_t* written) IMPORT(fd_write);

static void seek(uint32_t fd) {
    uint64_t at = 99;
    printf("%d", old_seek(fd, 1, SET, &at));
    printf(" %d", (int)at);
    old_seek(fd, 2, CUR, &at);
    printf(" %d", (int)at);
    old_seek(fd, -1, END, &at);
    printf(" %d", (int)at);
    printf(" %d\n", old_seek(fd, 0, 3, &at));
}

static void show(const struct filestat* status) {
    printf("%d %u %d %d %d\n", status->filetype, status->nlink, (int)status->size,
           (int)(status->atim / 1000000000), (int)(status->mtim / 1000000000));
}

static void stat_both(uint32_t fd) {
    struct {
        struct filestat status;
        uint64_t behind;
    } all;
    memset(&all, 0xAA, sizeof all);
    old_stat(fd, &all.status);
    show(&all.status);
    memset(&all.status, 0xAA, sizeof all.status);
    old_path_stat(3, 0, "file", 4, &all.status);
    show(&all.status);
    struct stat status;
    fstat(fd, &status);
    printf("%d %d\n", all.status.ino == status.st_ino, all.behind == 0xAAAAAAAAAAAAAAAA);
}

static void wait_for_two(uint32_t fd) {
    struct subscription in[3];
    struct event out[3];
    size_t came = 0;
    memset(in, 0xFF, sizeof in);
    in[0].userdata = 7;
    in[0].type = 0;
    in[0].clock.id = 1;
    in[0].clock.timeout = 1000000;
    in[0].clock.flags = 0;
    in[1].userdata = 8;
    in[1].type = 1;
    in[1].readwrite.fd = fd;
    in[2] = in[0];
    in[2].userdata = 9;
    in[2].clock.timeout = UINT64_C(1) << 60;
    printf("%d", old_poll(in, out, 3, &came));
    printf(" %d %d %d %d", (int)came, (int)out[0].userdata, out[0].type, (int)out[0].readwrite.nbytes);
    in[1] = in[2];
    printf(" %d", old_poll(in, out, 3, &came));
    printf(" %d %d %d\n", (int)came, (int)out[0].userdata, out[0].type);
}

int main(void) {
    const int fd = open("/box/file", O_RDONLY);
    seek(fd);
    lseek(fd, 0, SEEK_SET);
    stat_both(fd);
    wait_for_two(fd);
    fflush(stdout);
    const struct {
        const char* at;
        size_t length;
    } buffer = {"old\n", 4};
    size_t written = 0;
    return old_write(1, &buffer, 1, &written) || written != 4;
}
