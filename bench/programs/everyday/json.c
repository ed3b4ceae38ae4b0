// A list of articles as JSON, n times: read it into a tree, ask the tree, write it out again.
#include "arguments.h"
#include "json_read.h"
#include "json_write.h"

#define ARTICLES 300

static const char* const tags[] = {"new", "sale", "import", "export", "last", "large"};
#define TAGS ((uint32_t)(sizeof tags / sizeof *tags))

static void write_decimal(Text* text, uint64_t* state, int places) {
    text_add_number(text, next_random(state) % 1000, 1);
    text_add_byte(text, '.');
    text_add_number(text, next_random(state) % 100, places);
}

static void write_tags(Text* text, uint64_t* state) {
    text_add(text, ", \"tags\": [");
    for (uint32_t i = 0, count = next_random(state) % 4; i < count; i++) {
        text_add(text, i ? ", \"" : "\"");
        text_add(text, tags[next_random(state) % TAGS]);
        text_add_byte(text, '"');
    }
    text_add_byte(text, ']');
}

// All that JSON can hold comes in an article: escapes, surrogates, exponents, empty ones, null.
static void write_article(Text* text, uint64_t* state, uint64_t id) {
    static const char* const names[] = {
        "Sm\\u00f8rg\\u00e5s \\\"fin\\\"", "two\\nlines\\tand a tab", "plain name",
        "caf\xc3\xa9 \xe2\x82\xac 5",      "\\ud83d\\ude00 \\/ \\\\", ""};
    static const char* const sizes[] = {"null", "{}", "{\"width\": 2.5e1, \"height\": 40}",
                                        "{\"height\": 1E+2}"};
    text_add(text, "  {\n    \"id\": ");
    text_add_number(text, id, 1);
    text_add(text, ",\n    \"name\": \"");
    text_add(text, names[next_random(state) % 6]);
    text_add(text, "\",\n    \"price\": ");
    write_decimal(text, state, 2);
    text_add(text, ", \"stock\": ");
    if (next_random(state) % 4 == 0) text_add_byte(text, '-');
    text_add_number(text, next_random(state) % 100000 + 1, 1);
    text_add(text, next_random(state) % 2 ? ", \"active\": true" : ", \"active\": false");
    write_tags(text, state);
    text_add(text, ",\n    \"size\": ");
    text_add(text, sizes[next_random(state) % 4]);
    text_add(text, "\n  }");
}

static void write_document(Text* text) {
    uint64_t state = 31;
    text_add(text, "[\n");
    for (uint64_t id = 0; id < ARTICLES; id++) {
        if (id) text_add(text, ",\n");
        write_article(text, &state, id);
    }
    text_add(text, "\n]\n");
}

static bool has_tag(const JsonValue* article, const char* tag) {
    const JsonValue* list = json_member(article, "tags");
    for (const JsonValue* value = list->first; value; value = value->next) {
        if (json_is_string(value, tag)) return true;
    }
    return false;
}

// What the active articles with that tag are worth.
static double query(const JsonValue* articles, const char* tag) {
    double worth = 0;
    for (const JsonValue* article = articles->first; article; article = article->next) {
        if (json_member(article, "active")->kind != JSON_TRUE || !has_tag(article, tag)) continue;
        worth += json_member(article, "price")->number * json_member(article, "stock")->number;
    }
    return worth;
}

static double run_round(const Text* document, const char* tag, Text* written) {
    Arena arena = {0};
    const JsonValue* articles = json_read(document, &arena);
    if (!articles) exit(4);
    double worth = query(articles, tag);
    written->size = 0;
    json_write(written, articles);
    arena_free(&arena);
    return worth;
}

int main(int argc, char** argv) {
    Text document = {0}, written = {0};
    int n = work_size(argc, argv, 1500, 10000000);
    uint64_t sum = 0;
    double worth = 0;
    write_document(&document);
    if (wants_show(argc, argv)) {
        run_round(&document, tags[0], &written);
        text_show(&document);
        text_show(&written);
        return 0;
    }
    Instant from = bench_now();
    for (int round = 0; round < n; round++) {
        worth = run_round(&document, tags[(uint32_t)round % TAGS], &written);
        sum = mix_double(mix_bytes(sum, written.data, written.size), worth);
    }
    bench_report(from, bench_now(), sum);
    printf("answer %.6f\n", worth);
    return 0;
}
