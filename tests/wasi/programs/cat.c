/* Copies standard input to standard output, byte for byte, as it comes; the count goes to standard error. */
#include <stdio.h>
#include <unistd.h>

int main(void) {
    static char buffer[70000];
    long total = 0;
    ssize_t count;
    while ((count = read(0, buffer, sizeof buffer)) > 0) {
        for (ssize_t done = 0; done < count;) {
            ssize_t written = write(1, buffer + done, count - done);
            if (written < 0) return 1;
            done += written;
        }
        total += count;
    }
    fprintf(stderr, "%ld\n", total);
    return count < 0;
}
