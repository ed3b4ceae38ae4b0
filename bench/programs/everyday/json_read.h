// Text to tree (RFC 8259), by recursive descent.
#pragma once

#include "json_value.h"

#define JSON_DEPTH 200

typedef struct {
    const char *at, *end;
    Arena* arena;
    int depth;
    bool failed;
} JsonReader;

static JsonValue* json_read_value(JsonReader* reader);

static inline void* json_fail(JsonReader* reader) {
    reader->failed = true;
    return NULL;
}

static inline int json_peek(const JsonReader* reader) {
    return reader->at < reader->end ? (unsigned char)*reader->at : -1;
}

static inline bool json_skip(JsonReader* reader, int byte) {
    if (json_peek(reader) != byte) return false;
    reader->at++;
    return true;
}

static inline void json_skip_space(JsonReader* reader) {
    for (;; reader->at++) {
        int byte = json_peek(reader);
        if (byte != ' ' && byte != '\n' && byte != '\t' && byte != '\r') return;
    }
}

static inline JsonValue* json_make(JsonReader* reader, JsonKind kind) {
    JsonValue* value = arena_take(reader->arena, sizeof *value);
    *value = (JsonValue){.kind = kind};
    return value;
}

static inline JsonValue* json_read_word(JsonReader* reader, const char* word, JsonKind kind) {
    size_t size = strlen(word);
    if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, word, size) != 0)
        return json_fail(reader);
    reader->at += size;
    return json_make(reader, kind);
}

static inline uint32_t json_read_hex(JsonReader* reader) {
    uint32_t value = 0;
    for (int i = 0; i < 4; i++, reader->at++) {
        int byte = json_peek(reader);
        if (byte >= '0' && byte <= '9') {
            value = value * 16 + (uint32_t)(byte - '0');
        } else if ((byte | 32) >= 'a' && (byte | 32) <= 'f') {
            value = value * 16 + (uint32_t)((byte | 32) - 'a' + 10);
        } else {
            json_fail(reader);
            return 0;
        }
    }
    return value;
}

// What stands behind \u: one code unit, or a pair of surrogates.
static inline void json_read_unicode(JsonReader* reader, Text* text) {
    uint32_t c = json_read_hex(reader);
    if (c >= 0xD800 && c < 0xDC00 && json_skip(reader, '\\') && json_skip(reader, 'u')) {
        c = 0x10000 + ((c - 0xD800) << 10) + ((json_read_hex(reader) - 0xDC00) & 0x3FF);
    }
    text_add_code_point(text, c);
}

static inline void json_read_escape(JsonReader* reader, Text* text) {
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    int byte = json_peek(reader);
    const char* found = byte > 0 ? strchr(letters, byte) : NULL;
    reader->at++;
    if (found) {
        text_add_byte(text, meanings[found - letters]);
    } else if (byte == 'u') {
        json_read_unicode(reader, text);
    } else {
        json_fail(reader);
    }
}

// A string without escapes stays where it is, in the document; the others are put together in the arena.
static inline JsonString json_read_string(JsonReader* reader) {
    static Text text;
    const char* start = reader->at;
    bool escaped = false;
    text.size = 0;
    while (!reader->failed && json_peek(reader) != '"') {
        int byte = json_peek(reader);
        if (byte < ' ') {
            json_fail(reader);
        } else if (byte == '\\') {
            if (!escaped) text_add_bytes(&text, start, (size_t)(reader->at - start));
            escaped = true;
            reader->at++;
            json_read_escape(reader, &text);
        } else {
            if (escaped) text_add_byte(&text, byte);
            reader->at++;
        }
    }
    size_t size = (size_t)(reader->at++ - start);
    if (!escaped) return (JsonString){start, size};
    return (JsonString){memcpy(arena_take(reader->arena, text.size), text.data, text.size), text.size};
}

static inline int json_read_digits(JsonReader* reader, uint64_t* digits) {
    const char* start = reader->at;
    for (; json_peek(reader) >= '0' && json_peek(reader) <= '9'; reader->at++) {
        *digits = *digits * 10 + (uint64_t)(*reader->at - '0');
    }
    return (int)(reader->at - start);
}

// Exact up to 15 digits and 22 decimal places, because so are both numbers that are then multiplied or divided;
// beyond that it may be off by a few units of the last place.
static inline double json_scale(uint64_t digits, int exponent) {
    double value = (double)digits;
    for (; exponent > 22; exponent -= 22) value *= 1e22;
    for (; exponent < -22; exponent += 22) value /= 1e22;
    double power = 1;
    for (int i = 0; i < abs(exponent); i++) power *= 10;
    return exponent < 0 ? value / power : value * power;
}

static inline int json_read_exponent(JsonReader* reader) {
    uint64_t exponent = 0;
    bool negative = json_skip(reader, '-');
    if (!negative) json_skip(reader, '+');
    if (!json_read_digits(reader, &exponent) || exponent > 400) json_fail(reader);
    return negative ? -(int)exponent : (int)exponent;
}

static inline JsonValue* json_read_number(JsonReader* reader) {
    uint64_t digits = 0;
    int exponent = 0;
    bool negative = json_skip(reader, '-');
    bool zero = json_peek(reader) == '0';
    int count = json_read_digits(reader, &digits);
    bool point = json_skip(reader, '.');
    if (point) exponent = -json_read_digits(reader, &digits);
    if (count == 0 || (zero && count > 1) || (point && exponent == 0)) return json_fail(reader);
    if (count - exponent > 19) return json_fail(reader);  // more than 64 bits hold
    if (json_skip(reader, 'e') || json_skip(reader, 'E')) exponent += json_read_exponent(reader);
    JsonValue* value = json_make(reader, JSON_NUMBER);
    value->number = negative ? -json_scale(digits, exponent) : json_scale(digits, exponent);
    return value;
}

static inline bool json_read_name(JsonReader* reader, JsonString* name) {
    json_skip_space(reader);
    if (!json_skip(reader, '"')) return false;
    *name = json_read_string(reader);
    json_skip_space(reader);
    return json_skip(reader, ':');
}

// An array's elements or an object's members, up to the bracket that closes it.
static inline JsonValue* json_read_all(JsonReader* reader, JsonKind kind, int close) {
    JsonValue* value = json_make(reader, kind);
    JsonValue** place = &value->first;
    json_skip_space(reader);
    if (json_skip(reader, close)) return value;
    do {
        JsonString name = {0};
        if (kind == JSON_OBJECT && !json_read_name(reader, &name)) return json_fail(reader);
        *place = json_read_value(reader);
        if (reader->failed) return NULL;
        (*place)->name = name;
        place = &(*place)->next;
        json_skip_space(reader);
    } while (json_skip(reader, ','));
    return json_skip(reader, close) ? value : json_fail(reader);
}

static inline JsonValue* json_read_nested(JsonReader* reader, JsonKind kind, int close) {
    if (reader->depth == JSON_DEPTH) return json_fail(reader);
    reader->depth++;
    reader->at++;
    JsonValue* value = json_read_all(reader, kind, close);
    reader->depth--;
    return value;
}

static inline JsonValue* json_read_text(JsonReader* reader) {
    reader->at++;
    JsonString string = json_read_string(reader);
    JsonValue* value = json_make(reader, JSON_STRING);
    value->string = string;
    return value;
}

static JsonValue* json_read_value(JsonReader* reader) {
    json_skip_space(reader);
    switch (json_peek(reader)) {
    case '{': return json_read_nested(reader, JSON_OBJECT, '}');
    case '[': return json_read_nested(reader, JSON_ARRAY, ']');
    case '"': return json_read_text(reader);
    case 'n': return json_read_word(reader, "null", JSON_NULL);
    case 't': return json_read_word(reader, "true", JSON_TRUE);
    case 'f': return json_read_word(reader, "false", JSON_FALSE);
    default: return json_read_number(reader);
    }
}

// The document's tree, which may point into its text; NULL when it is not JSON.
static inline JsonValue* json_read(const Text* document, Arena* arena) {
    JsonReader reader = {document->data, document->data + document->size, arena, 0, false};
    JsonValue* value = json_read_value(&reader);
    json_skip_space(&reader);
    return reader.failed || reader.at != reader.end ? NULL : value;
}
