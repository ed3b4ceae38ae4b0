// A state machine tells integers, decimals, numbers with exponents and anything else apart in a text of words
// between commas.
#pragma once

#include <stdbool.h>

#include "bench.h"
#include "crc.h"

#define STATE_TEXT 660

typedef enum {
    STATE_START,          // nothing yet
    STATE_SIGN,           // + or −
    STATE_INTEGER,        // digits
    STATE_POINT,          // a point with no digit beside it
    STATE_DECIMAL,        // digits with a point among them
    STATE_EXPONENT,       // the letter e
    STATE_EXPONENT_SIGN,  // a sign behind it
    STATE_SCIENTIFIC,     // digits behind that
    STATE_INVALID,
    STATES
} State;

typedef struct {
    char text[STATE_TEXT];
    uint32_t words[STATES];    // how many words ended in each state
    uint32_t changes[STATES];  // how often each state was left for another
} StateMachine;

static inline bool state_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool state_is_sign(char c) { return c == '+' || c == '-'; }
static inline bool state_is_exponent(char c) { return c == 'e' || c == 'E'; }

// One word from `at` on; the result is where its comma stands, or the text's end.
static NOINLINE const char* state_read_word(StateMachine* machine, const char* at) {
    State state = STATE_START;
    for (; *at && *at != ','; at++) {
        char c = *at;
        State next = STATE_INVALID;
        switch (state) {
        case STATE_START:
            if (state_is_digit(c)) next = STATE_INTEGER;
            if (state_is_sign(c)) next = STATE_SIGN;
            if (c == '.') next = STATE_POINT;
            break;
        case STATE_SIGN:
            if (state_is_digit(c)) next = STATE_INTEGER;
            if (c == '.') next = STATE_POINT;
            break;
        case STATE_INTEGER:
            if (state_is_digit(c)) next = STATE_INTEGER;
            if (c == '.') next = STATE_DECIMAL;
            if (state_is_exponent(c)) next = STATE_EXPONENT;
            break;
        case STATE_POINT:
            if (state_is_digit(c)) next = STATE_DECIMAL;
            break;
        case STATE_DECIMAL:
            if (state_is_digit(c)) next = STATE_DECIMAL;
            if (state_is_exponent(c)) next = STATE_EXPONENT;
            break;
        case STATE_EXPONENT:
            if (state_is_digit(c)) next = STATE_SCIENTIFIC;
            if (state_is_sign(c)) next = STATE_EXPONENT_SIGN;
            break;
        case STATE_EXPONENT_SIGN:
        case STATE_SCIENTIFIC:
            if (state_is_digit(c)) next = STATE_SCIENTIFIC;
            break;
        default: break;
        }
        machine->changes[state] += next != state;
        state = next;
    }
    machine->words[state]++;
    return at;
}

static inline void state_read_text(StateMachine* machine) {
    const char* at = machine->text;
    while (*at) {
        at = state_read_word(machine, at);
        at += *at == ',';
    }
}

// Swaps every `step`th character with the next one: doing so again restores the text.
static inline void state_disturb(StateMachine* machine, int step) {
    for (int i = step; i + 1 < STATE_TEXT && machine->text[i + 1]; i += step) {
        char kept = machine->text[i];
        machine->text[i] = machine->text[i + 1];
        machine->text[i + 1] = kept;
    }
}

// Reads the text as it is and disturbed; step is at least 2, at most the text's size.
static inline uint16_t state_run(StateMachine* machine, int step, uint16_t crc) {
    memset(machine->words, 0, sizeof machine->words);
    memset(machine->changes, 0, sizeof machine->changes);
    state_read_text(machine);
    state_disturb(machine, step);
    state_read_text(machine);
    state_disturb(machine, step);
    for (int state = 0; state < STATES; state++) {
        crc = crc_word(crc, machine->words[state]);
        crc = crc_word(crc, machine->changes[state]);
    }
    return crc;
}

static inline size_t state_write_digits(char* to, uint64_t* random, uint32_t most) {
    size_t count = 1 + next_random(random) % most;
    for (size_t i = 0; i < count; i++) to[i] = (char)('0' + next_random(random) % 10);
    return count;
}

// Integers, decimals and numbers with exponents, equally often, of at most 14 letters; one in five is spoilt.
static inline size_t state_write_word(char* to, uint64_t* random) {
    static const char signs[] = "+-", spoilers[] = "xe.-";
    size_t size = 0;
    uint32_t kind = next_random(random) % 3;
    if (next_random(random) % 2) to[size++] = signs[next_random(random) % 2];
    size += state_write_digits(to + size, random, 4);
    if (kind > 0) {
        to[size++] = '.';
        size += state_write_digits(to + size, random, 4);
    }
    if (kind > 1) {
        to[size++] = 'e';
        to[size++] = signs[next_random(random) % 2];
        size += state_write_digits(to + size, random, 2);
    }
    char spoiler = spoilers[next_random(random) % 4];
    if (next_random(random) % 5 == 0) to[next_random(random) % size] = spoiler;
    return size;
}

// Fills the text with words up to its end; the rest is zeros.
static inline void state_fill(StateMachine* machine, uint64_t* random) {
    char word[16];
    size_t at = 0;
    memset(machine->text, 0, sizeof machine->text);
    for (;;) {
        size_t size = state_write_word(word, random);
        if (at + size + 2 > sizeof machine->text) return;
        memcpy(machine->text + at, word, size);
        at += size;
        machine->text[at++] = ',';
    }
}
