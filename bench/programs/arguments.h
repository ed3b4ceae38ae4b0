// What the command line of a program says: how much work to do, and whether to show it instead of timing it.
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The first argument, a whole number from 0 to `most`; without one `usual`, which takes 0.1 to 0.3 s natively.
static inline int work_size(int argc, char** argv, int usual, int most) {
    if (argc < 2) return usual;
    char* end = argv[1];
    long long size = strtoll(argv[1], &end, 10);
    if (end == argv[1] || *end != '\0' || size < 0 || size > most) {
        fprintf(stderr, "expected a whole number from 0 to %d, not '%s'\n", most, argv[1]);
        exit(2);
    }
    return (int)size;
}

// Whether the second argument is `show`: print what is worked on, so that others can compute the same.
static inline bool wants_show(int argc, char** argv) {
    if (argc < 3) return false;
    if (strcmp(argv[2], "show") == 0) return true;
    fprintf(stderr, "expected 'show' or nothing after the number, not '%s'\n", argv[2]);
    exit(2);
}
