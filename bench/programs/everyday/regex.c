// A backtracking matcher of regular expressions over a log of n lines: all matches of eight patterns.
#include "arguments.h"
#include "regex_match.h"

static const char* const patterns[] = {
    "[A-Za-z0-9_.]+@[a-z]+(\\.[a-z]+)+",
    "\\d\\d\\d\\d-\\d\\d-\\d\\d",
    "(GET|POST|PUT) (/[a-z]+)+(\\?[a-z]+=\\w+(&[a-z]+=\\w+)*)?",
    "\"([^\"\\\\\\n]|\\\\.)*\"",
    "(\\d+\\.)+\\d+",
    "<.+?>",
    "\\b[A-Z]\\w*ing\\b",
    "error( code)?:? *-?\\d+",
};
#define PATTERNS ((int)(sizeof patterns / sizeof *patterns))

static const char* choose(uint64_t* state) {
    static const char* const words[] = {"anna", "bob", "eve", "list", "item", "shop", "info", "net"};
    return words[next_random(state) % 8];
}

static void write_address(Text* text, uint64_t* state) {
    text_add(text, choose(state));
    text_add(text, next_random(state) % 2 ? "." : "_");
    text_add_number(text, next_random(state) % 100, 1);
    text_add(text, next_random(state) % 3 ? "@" : " at ");
    text_add(text, choose(state));
    text_add(text, next_random(state) % 2 ? ".com" : ".co.uk");
}

static void write_date(Text* text, uint64_t* state) {
    text_add_number(text, 1990 + next_random(state) % 50, 4);
    text_add_byte(text, '-');
    int digits = next_random(state) % 8 ? 2 : 1;
    text_add_number(text, 1 + next_random(state) % 12, digits);
    text_add_byte(text, '-');
    text_add_number(text, 1 + next_random(state) % 28, 2);
}

static void write_request(Text* text, uint64_t* state) {
    static const char* const methods[] = {"GET", "POST", "PUT", "DELETE"};
    text_add(text, methods[next_random(state) % 4]);
    text_add_byte(text, ' ');
    for (uint32_t i = next_random(state) % 4; i > 0; i--) {
        text_add_byte(text, '/');
        text_add(text, choose(state));
    }
    for (uint32_t i = 0, count = next_random(state) % 4; i < count; i++) {
        text_add_byte(text, i ? '&' : '?');
        text_add(text, choose(state));
        text_add_byte(text, '=');
        text_add_number(text, next_random(state) % 1000, 1);
    }
}

static void write_phrase(Text* text, uint64_t* state) {
    static const char* const phrases[] = {
        "<b>bold</b> and <i>so on</i>",    "\"he said \\\"no\\\"\", \"\", \"open",
        "Compiling, Linking, then sting",  "error code: -12 or error:7, error -",
        "errors in nothing; Kingdom ring", "version 1.2.30 of 4. 5"};
    text_add(text, phrases[next_random(state) % 6]);
}

static void write_log(Text* text, int lines) {
    uint64_t state = 77;
    for (int line = 0; line < lines; line++) {
        write_date(text, &state);
        text_add_byte(text, ' ');
        write_address(text, &state);
        text_add(text, " - ");
        write_request(text, &state);
        text_add(text, ": ");
        write_phrase(text, &state);
        text_add_byte(text, '\n');
    }
}

// All matches that do not overlap, from left to right: how many, with begin and end in the checksum.
static int find_all(const RegexProgram* program, const Text* text, uint64_t* sum) {
    int count = 0;
    for (size_t at = 0; at < text->size;) {
        long end = regex_match(program, text, at);
        if (end < 0) {
            at++;
            continue;
        }
        *sum = mix(mix(*sum, at), (uint64_t)end);
        count++;
        at = (size_t)end;  // no pattern here matches the empty text
    }
    return count;
}

int main(int argc, char** argv) {
    static RegexProgram program;
    Text text = {0};
    int counts[PATTERNS] = {0};
    int n = work_size(argc, argv, 40000, 1000000);
    write_log(&text, n);
    if (wants_show(argc, argv)) {
        for (int i = 0; i < PATTERNS; i++) printf("%s\n", patterns[i]);
        text_show(&text);
        return 0;
    }
    uint64_t sum = 0;
    Instant from = bench_now();
    for (int i = 0; i < PATTERNS; i++) {
        regex_compile(&program, patterns[i]);
        counts[i] = find_all(&program, &text, &sum);
    }
    bench_report(from, bench_now(), sum);
    printf("answer");
    for (int i = 0; i < PATTERNS; i++) printf(" %d", counts[i]);
    printf("\n");
    return 0;
}
