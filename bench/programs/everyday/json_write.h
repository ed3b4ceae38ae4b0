// Tree to text, without a space too many.
#pragma once

#include "json_value.h"

static inline void json_write_string(Text* text, JsonString string) {
    static const char hex[] = "0123456789abcdef";
    text_add_byte(text, '"');
    for (size_t i = 0; i < string.size; i++) {
        unsigned char byte = (unsigned char)string.data[i];
        if (byte < ' ') {
            text_add(text, "\\u00");
            text_add_byte(text, hex[byte >> 4]);
            text_add_byte(text, hex[byte & 15]);
        } else {
            if (byte == '"' || byte == '\\') text_add_byte(text, '\\');
            text_add_byte(text, byte);
        }
    }
    text_add_byte(text, '"');
}

// To three decimal places: the documents here have no more, nor more than nine digits in front.
static inline void json_write_number(Text* text, double number) {
    if (number < 0) text_add_byte(text, '-');
    uint64_t thousandths = (uint64_t)((number < 0 ? -number : number) * 1000 + 0.5);
    text_add_number(text, thousandths / 1000, 1);
    uint64_t rest = thousandths % 1000;
    if (rest == 0) return;
    int digits = 3;
    for (; rest % 10 == 0; rest /= 10) digits--;
    text_add_byte(text, '.');
    text_add_number(text, rest, digits);
}

static void json_write(Text* text, const JsonValue* value);

static inline void json_write_all(Text* text, const JsonValue* holder) {
    for (const JsonValue* value = holder->first; value; value = value->next) {
        if (value != holder->first) text_add_byte(text, ',');
        if (holder->kind == JSON_OBJECT) {
            json_write_string(text, value->name);
            text_add_byte(text, ':');
        }
        json_write(text, value);
    }
}

static void json_write(Text* text, const JsonValue* value) {
    switch (value->kind) {
    case JSON_NULL: text_add(text, "null"); break;
    case JSON_FALSE: text_add(text, "false"); break;
    case JSON_TRUE: text_add(text, "true"); break;
    case JSON_NUMBER: json_write_number(text, value->number); break;
    case JSON_STRING: json_write_string(text, value->string); break;
    case JSON_ARRAY:
        text_add_byte(text, '[');
        json_write_all(text, value);
        text_add_byte(text, ']');
        break;
    case JSON_OBJECT:
        text_add_byte(text, '{');
        json_write_all(text, value);
        text_add_byte(text, '}');
        break;
    }
}
