// What `linocut bench` starts an engine for when it measures the start alone.
#include <stdio.h>

int main(void) {
    puts("hello");
    return 0;
}
