// A long chain of else-if, as scanners have it: every byte of a text goes to one of twelve classes; n passes.
#include "arguments.h"
#include "bench.h"

#define SIZE 65536
#define CLASSES 12

static unsigned char text[SIZE];
static uint32_t counts[CLASSES];

static void write_text(void) {
    static const char alphabet[] =
        "etaoin shrdlu ETAOIN 0123456789 \n\t_(){}[];:,.<=>+-*/&|!^%\"'#@\\~ abcxyz";
    uint64_t state = 11;
    for (int i = 0; i < SIZE; i++)
        text[i] = (unsigned char)alphabet[next_random(&state) % (sizeof alphabet - 1)];
}

static int classify(int c) {
    if (c == ' ' || c == '\t') {
        return 0;
    } else if (c == '\n') {
        return 1;
    } else if (c >= 'a' && c <= 'z') {
        return 2;
    } else if (c >= 'A' && c <= 'Z') {
        return 3;
    } else if (c == '_') {
        return 4;
    } else if (c >= '0' && c <= '9') {
        return 5;
    } else if (c == '(' || c == '[' || c == '{') {
        return 6;
    } else if (c == ')' || c == ']' || c == '}') {
        return 7;
    } else if (c == ',' || c == ';' || c == ':' || c == '.') {
        return 8;
    } else if (c == '<' || c == '=' || c == '>') {
        return 9;
    } else if (c == '"' || c == '\'') {
        return 10;
    }
    return 11;
}

// How often the class changes from one byte to the next; each pass begins one byte further.
static uint32_t count_borders(int pass) {
    uint32_t borders = 0;
    int before = -1;
    for (int i = 0; i < SIZE; i++) {
        int class = classify(text[(i + pass) % SIZE]);
        counts[class]++;
        borders += class != before;
        before = class;
    }
    return borders;
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 500, 60000);  // a class's count stays within 32 bits
    uint64_t sum = 0;
    write_text();
    Instant from = bench_now();
    for (int pass = 0; pass < n; pass++) sum = mix(sum, count_borders(pass));
    for (int class = 0; class < CLASSES; class++) sum = mix(sum, counts[class]);
    bench_report(from, bench_now(), sum);
    return 0;
}
