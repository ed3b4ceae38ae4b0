// A regular expression as a little program for regex_match.h, compiled by recursive descent.
//
//     letters, escapes (\d \w \s \n \b \. …), [sets], [^sets], a-z in sets, ., (groups), |, * + ? and their lazy *? +? ??
//
// What is repeated must not match the empty text.
#pragma once

#include <stdbool.h>

#include "text.h"

#define REGEX_CODE 256
#define REGEX_SETS 32

typedef enum { REGEX_BYTE, REGEX_SET, REGEX_EDGE, REGEX_SPLIT, REGEX_JUMP, REGEX_DONE } RegexOp;

// `first` is the byte, the set's number, or where to go on, relative to here; a split tries `second` when `first`
// fails.
typedef struct {
    RegexOp op;
    int first, second;
} RegexCode;

typedef struct {
    uint8_t has[256];
} RegexSet;

typedef struct {
    RegexCode code[REGEX_CODE];
    RegexSet sets[REGEX_SETS];
    int size, set_count;
    const char* at;  // in the pattern, while it is compiled
} RegexProgram;

static void regex_alternatives(RegexProgram* program);

static inline void regex_fail(const char* why, const char* where) {
    fprintf(stderr, "pattern: %s at '%s'\n", why, where);
    exit(3);
}

// Makes room for an instruction at that place; what moves keeps its relative targets.
static inline void regex_insert(RegexProgram* program, int place, RegexCode code) {
    if (program->size == REGEX_CODE) regex_fail("too long", program->at);
    RegexCode* here = &program->code[place];
    memmove(here + 1, here, (size_t)(program->size++ - place) * sizeof *here);
    *here = code;
}

static inline void regex_append(RegexProgram* program, RegexOp op, int first) {
    regex_insert(program, program->size, (RegexCode){op, first, 0});
}

static inline bool regex_is_word(int byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           byte == '_';
}

static inline bool regex_escape_has(int letter, int byte) {
    switch (letter) {
    case 'd': return byte >= '0' && byte <= '9';
    case 'w': return regex_is_word(byte);
    case 'n': return byte == '\n';
    case 's': return byte == ' ' || (byte >= '\t' && byte <= '\r');
    default: return byte == letter;
    }
}

static inline RegexSet* regex_add_set(RegexProgram* program) {
    if (program->set_count == REGEX_SETS) regex_fail("too many sets", program->at);
    regex_append(program, REGEX_SET, program->set_count);
    return &program->sets[program->set_count++];
}

static inline void regex_fill_escape(RegexSet* set, int letter) {
    for (int byte = 0; byte < 256; byte++) set->has[byte] |= regex_escape_has(letter, byte);
}

// What stands behind a backslash.
static inline int regex_escaped(RegexProgram* program) {
    if (*program->at == '\0') regex_fail("unfinished escape", program->at - 1);
    return *program->at++;
}

static inline void regex_escape(RegexProgram* program) {
    int letter = regex_escaped(program);
    if (letter == 'b') {
        regex_append(program, REGEX_EDGE, 0);
    } else if (strchr("dwsn", letter)) {
        regex_fill_escape(regex_add_set(program), letter);
    } else {
        regex_append(program, REGEX_BYTE, letter);
    }
}

static inline void regex_set(RegexProgram* program) {
    RegexSet* set = regex_add_set(program);
    bool inverted = *program->at == '^';
    program->at += inverted;
    while (*program->at != ']') {
        uint8_t low = (uint8_t)*program->at++;
        if (low == '\0') regex_fail("] is missing", program->at - 1);
        if (low == '\\') {
            regex_fill_escape(set, regex_escaped(program));
            continue;
        }
        uint8_t high = low;
        if (program->at[0] == '-' && program->at[1] != ']') {
            high = (uint8_t)program->at[1];
            program->at += 2;
        }
        for (int byte = low; byte <= high; byte++) set->has[byte] = 1;
    }
    program->at++;
    for (int byte = 0; byte < 256; byte++) set->has[byte] ^= inverted;
}

static inline void regex_any(RegexProgram* program) {
    RegexSet* set = regex_add_set(program);
    for (int byte = 0; byte < 256; byte++) set->has[byte] = byte != '\n';
}

static inline void regex_atom(RegexProgram* program) {
    char letter = *program->at++;
    switch (letter) {
    case '(':
        regex_alternatives(program);
        if (*program->at++ != ')') regex_fail(") is missing", program->at - 1);
        break;
    case '[': regex_set(program); break;
    case '.': regex_any(program); break;
    case '\\': regex_escape(program); break;
    default: regex_append(program, REGEX_BYTE, (uint8_t)letter);
    }
}

// A split whose first choice, unless lazy, is `more`.
static inline RegexCode regex_choice(int more, int enough, bool lazy) {
    return lazy ? (RegexCode){REGEX_SPLIT, enough, more} : (RegexCode){REGEX_SPLIT, more, enough};
}

static inline void regex_repeat(RegexProgram* program, int start) {
    char how = *program->at;
    if (how != '*' && how != '+' && how != '?') return;
    bool lazy = *++program->at == '?';
    program->at += lazy;
    int size = program->size - start;
    if (how == '+') {
        regex_insert(program, program->size, regex_choice(-size, 1, lazy));
    } else {
        regex_insert(program, start, regex_choice(1, how == '*' ? size + 2 : size + 1, lazy));
        if (how == '*') regex_append(program, REGEX_JUMP, -size - 1);
    }
}

static inline void regex_sequence(RegexProgram* program) {
    while (*program->at && *program->at != '|' && *program->at != ')') {
        int start = program->size;
        regex_atom(program);
        regex_repeat(program, start);
    }
}

static void regex_alternatives(RegexProgram* program) {
    int start = program->size;
    regex_sequence(program);
    if (*program->at != '|') return;
    program->at++;
    int size = program->size - start;
    regex_insert(program, start, regex_choice(1, size + 2, false));
    int jump = program->size;
    regex_append(program, REGEX_JUMP, 0);
    regex_alternatives(program);
    program->code[jump].first = program->size - jump;
}

static inline void regex_compile(RegexProgram* program, const char* pattern) {
    memset(program, 0, sizeof *program);
    program->at = pattern;
    regex_alternatives(program);
    if (*program->at) regex_fail("unexpected )", program->at);
    regex_append(program, REGEX_DONE, 0);
}
