// A JSON document as a tree. Its values lie one after the other in an arena, which is given back as a whole.
#pragma once

#include <stdbool.h>

#include "text.h"

typedef enum { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT } JsonKind;

typedef struct {
    const char* data;
    size_t size;
} JsonString;

typedef struct JsonValue {
    JsonKind kind;
    JsonString name;         // of a member of an object
    struct JsonValue* next;  // in the array or object that holds it
    union {
        double number;
        JsonString string;
        struct JsonValue* first;
    };
} JsonValue;

typedef struct Chunk {
    struct Chunk* before;
    size_t used;
    _Alignas(16) char bytes[65536];
} Chunk;

typedef struct {
    Chunk* last;
} Arena;

// At most the size of a chunk.
static inline void* arena_take(Arena* arena, size_t size) {
    size = (size + 15) & ~(size_t)15;
    if (!arena->last || arena->last->used + size > sizeof arena->last->bytes) {
        Chunk* chunk = allocate(sizeof *chunk);
        chunk->before = arena->last;
        chunk->used = 0;
        arena->last = chunk;
    }
    void* taken = arena->last->bytes + arena->last->used;
    arena->last->used += size;
    return taken;
}

static inline void arena_free(Arena* arena) {
    while (arena->last) {
        Chunk* before = arena->last->before;
        free(arena->last);
        arena->last = before;
    }
}

// The member of that name; NULL when the object has none.
static inline const JsonValue* json_member(const JsonValue* object, const char* name) {
    size_t size = strlen(name);
    for (const JsonValue* member = object->first; member; member = member->next) {
        if (member->name.size == size && memcmp(member->name.data, name, size) == 0) return member;
    }
    return NULL;
}

static inline bool json_is_string(const JsonValue* value, const char* text) {
    size_t size = strlen(text);
    return value->kind == JSON_STRING && value->string.size == size &&
           memcmp(value->string.data, text, size) == 0;
}
