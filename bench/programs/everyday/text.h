// A growing piece of text, and what several programs do with texts.
#pragma once

#include "bench.h"

typedef struct {
    char* data;
    size_t size, room;
} Text;

static inline void* allocate(size_t size) {
    void* memory = malloc(size);
    if (memory) return memory;
    fprintf(stderr, "out of memory\n");
    exit(3);
}

static inline void text_reserve(Text* text, size_t more) {
    if (text->size + more <= text->room) return;
    text->room = (text->size + more) * 2;
    text->data = realloc(text->data, text->room);
    if (text->data) return;
    fprintf(stderr, "out of memory\n");
    exit(3);
}

static inline void text_add_byte(Text* text, int byte) {
    text_reserve(text, 1);
    text->data[text->size++] = (char)byte;
}

static inline void text_add_bytes(Text* text, const char* data, size_t size) {
    text_reserve(text, size);
    if (size) memcpy(text->data + text->size, data, size);  // where both are empty, the pointers may be null
    text->size += size;
}

static inline void text_add(Text* text, const char* words) { text_add_bytes(text, words, strlen(words)); }

// In decimal, with leading zeros up to that many digits.
static inline void text_add_number(Text* text, uint64_t number, int digits) {
    char reversed[20];
    int size = 0;
    for (; number || size < digits; number /= 10) reversed[size++] = (char)('0' + number % 10);
    while (size) text_add_byte(text, reversed[--size]);
}

// A code point, as UTF-8.
static inline void text_add_code_point(Text* text, uint32_t c) {
    if (c < 0x80) {
        text_add_byte(text, (int)c);
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const int first[] = {0, 0xC0, 0xE0, 0xF0};
    text_add_byte(text, first[more] | (int)(c >> (6 * more)));
    while (more--) text_add_byte(text, 0x80 | (int)(c >> (6 * more) & 0x3F));
}

static inline void text_show(const Text* text) {
    if (text->size) fwrite(text->data, 1, text->size, stdout);
}

// Mixes bytes into a checksum, eight at a time in little-endian order; the last ones are filled up with zeros.
static inline uint64_t mix_bytes(uint64_t sum, const void* data, size_t size) {
    const char* at = data;
    for (; size; at += 8) {
        uint64_t word = 0;
        size_t taken = size < 8 ? size : 8;
        memcpy(&word, at, taken);
        sum = mix(sum, word);
        size -= taken;
    }
    return sum;
}
