/* Uses files, directories, arguments, environment and clocks through the C library; says what it saw. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "line %d: %s (%s)\n", __LINE__, #condition, strerror(errno)); \
            exit(1); \
        } \
    } while (0)

static void write_and_read(void) {
    FILE *file = fopen("/box/new", "w+");
    CHECK(file && fputs("one\ntwo\n", file) >= 0 && fseek(file, 4, SEEK_SET) == 0);
    char line[10];
    CHECK(fgets(line, sizeof line, file) && strcmp(line, "two\n") == 0);
    CHECK(fclose(file) == 0);
    struct stat status;
    CHECK(stat("/box/new", &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 8);
    int fd = open("/box/new", O_WRONLY | O_APPEND);
    CHECK(fd >= 0 && write(fd, "three", 5) == 5 && lseek(fd, 0, SEEK_END) == 13);
    CHECK(pwrite(fd, "x", 1, 0) == 1 && ftruncate(fd, 9) == 0 && fsync(fd) == 0 && close(fd) == 0);
    CHECK(open("/box/new", O_WRONLY | O_CREAT | O_EXCL) < 0 && errno == EEXIST);
    CHECK(open("/box/new", O_RDONLY | O_DIRECTORY) < 0 && errno == ENOTDIR);
    fd = open("/box/new", O_RDONLY);
    CHECK(write(fd, "x", 1) < 0 && close(fd) == 0);
}

static int count(const char *path) {
    DIR *directory = opendir(path);
    CHECK(directory);
    int found = 0;
    while (readdir(directory)) found++;
    closedir(directory);
    return found;
}

static void directories(void) {
    CHECK(mkdir("/box/d", 0777) == 0 && mkdir("/box/d/e", 0777) == 0);
    CHECK(mkdir("/box/d", 0777) < 0 && errno == EEXIST);
    for (int i = 0; i < 300; i++) {
        char name[40];
        snprintf(name, sizeof name, "/box/d/e/a rather long name %d", i);
        int fd = open(name, O_WRONLY | O_CREAT, 0666);
        CHECK(fd >= 0 && close(fd) == 0);
    }
    CHECK(count("/box/d/e") == 302 && count("/box/d") == 3);
    CHECK(rmdir("/box/d/e") < 0 && errno == ENOTEMPTY);
    CHECK(rename("/box/d/e", "/box/e") == 0);
    DIR *directory = opendir("/box/e");
    struct dirent *entry;
    while ((entry = readdir(directory)))
        if (entry->d_name[0] != '.') CHECK(unlinkat(dirfd(directory), entry->d_name, 0) == 0);
    closedir(directory);
    CHECK(rmdir("/box/e") == 0 && rmdir("/box/d") == 0);
}

static void links(void) {
    char text[20] = "";
    CHECK(symlink("new", "/box/soft") == 0 && link("/box/new", "/box/hard") == 0);
    CHECK(readlink("/box/soft", text, sizeof text) == 3 && strcmp(text, "new") == 0);
    struct stat status;
    CHECK(lstat("/box/soft", &status) == 0 && S_ISLNK(status.st_mode));
    CHECK(stat("/box/soft", &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 2);
    CHECK(unlink("/box/hard") == 0 && unlink("/box/soft") == 0);
    CHECK(open("/box/../outside/secret", O_RDONLY) < 0 && errno == EPERM);
    CHECK(open("/etc/passwd", O_RDONLY) < 0);
}

static void clocks(void) {
    struct timespec before, after, pause = {0, 3000000};
    CHECK(clock_gettime(CLOCK_MONOTONIC, &before) == 0 && nanosleep(&pause, NULL) == 0);
    CHECK(clock_gettime(CLOCK_MONOTONIC, &after) == 0 && clock_getres(CLOCK_REALTIME, &pause) == 0);
    CHECK((after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec >= 3000000);
    CHECK(time(NULL) > 1700000000);
}

int main(int argc, char **argv) {
    write_and_read();
    directories();
    links();
    clocks();
    for (int i = 0; i < argc; i++) printf("%s,", argv[i]);
    printf("%s\n", getenv("GREETING"));
    return 42;
}
