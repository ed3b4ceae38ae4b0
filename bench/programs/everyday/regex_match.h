// Runs a regex program by backtracking: of several ways the first one wins, as in Perl and Python.
#pragma once

#include "regex_program.h"

#define REGEX_WAYS 4096

typedef struct {
    const RegexCode* code;
    size_t at;
} RegexWay;

static inline bool regex_at_edge(const Text* text, size_t at) {
    bool before = at > 0 && regex_is_word((unsigned char)text->data[at - 1]);
    bool after = at < text->size && regex_is_word((unsigned char)text->data[at]);
    return before != after;
}

// Follows one way, leaving the others it meets on the stack: the end of the match, or −1.
static inline long regex_follow(const RegexProgram* program, const Text* text, RegexWay way, RegexWay* ways,
                                int* count) {
    const RegexCode* code = way.code;
    for (size_t at = way.at;;) {
        switch (code->op) {
        case REGEX_BYTE:
            if (at == text->size || (unsigned char)text->data[at] != code->first) return -1;
            at++, code++;
            break;
        case REGEX_SET:
            if (at == text->size || !program->sets[code->first].has[(unsigned char)text->data[at]]) return -1;
            at++, code++;
            break;
        case REGEX_EDGE:
            if (!regex_at_edge(text, at)) return -1;
            code++;
            break;
        case REGEX_SPLIT:
            if (*count == REGEX_WAYS) regex_fail("more ways than the stack holds", "match");
            ways[(*count)++] = (RegexWay){code + code->second, at};
            code += code->first;
            break;
        case REGEX_JUMP: code += code->first; break;
        case REGEX_DONE: return (long)at;
        }
    }
}

// Where the match that begins there ends; −1 if there is none.
static inline long regex_match(const RegexProgram* program, const Text* text, size_t start) {
    static RegexWay ways[REGEX_WAYS];
    int count = 1;
    ways[0] = (RegexWay){program->code, start};
    while (count > 0) {
        RegexWay way = ways[--count];
        long end = regex_follow(program, text, way, ways, &count);
        if (end >= 0) return end;
    }
    return -1;
}
