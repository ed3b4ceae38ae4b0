// How often each word comes in a text of n words: a hash table that grows, then a sort by count.
#include "arguments.h"
#include "text.h"

typedef struct {
    const char* letters;  // within the text; NULL where the table is free
    uint32_t size, hash, count;
} Word;

typedef struct {
    Word* words;
    size_t room, used;  // room is a power of two
} Table;

// Low numbers come far more often than high ones, as in languages.
static void write_word(Text* text, uint64_t* state) {
    static const char* const syllables[] = {"ba", "con", "de", "el", "fi", "gra", "hu",  "in",
                                            "jo", "ka",  "li", "mo", "ne", "os",  "pra", "ta"};
    uint32_t bits = 1 + next_random(state) % 14;
    uint32_t number = next_random(state) % (1u << bits);
    do {
        text_add(text, syllables[number & 15]);
        number >>= 4;
    } while (number);
}

static void write_text(Text* text, int words) {
    uint64_t state = 13;
    for (int i = 0; i < words; i++) {
        size_t start = text->size;
        write_word(text, &state);
        if (next_random(&state) % 8 == 0) text->data[start] -= 'a' - 'A';
        text_add(text, next_random(&state) % 12 ? " " : ".\n");
    }
}

static Word* find_place(const Table* table, const char* letters, uint32_t size, uint32_t hash) {
    for (size_t i = hash;; i++) {
        Word* word = &table->words[i & (table->room - 1)];
        if (!word->letters) return word;
        if (word->hash == hash && word->size == size && memcmp(word->letters, letters, size) == 0)
            return word;
    }
}

static void grow(Table* table) {
    Table old = *table;
    table->room = old.room ? old.room * 2 : 64;
    table->words = allocate(table->room * sizeof *table->words);
    memset(table->words, 0, table->room * sizeof *table->words);
    for (size_t i = 0; i < old.room; i++) {
        const Word* word = &old.words[i];
        if (word->letters) *find_place(table, word->letters, word->size, word->hash) = *word;
    }
    free(old.words);
}

static void count_word(Table* table, const char* letters, uint32_t size, uint32_t hash) {
    if (4 * (table->used + 1) > 3 * table->room) grow(table);
    Word* word = find_place(table, letters, size, hash);
    if (!word->letters) {
        *word = (Word){letters, size, hash, 0};
        table->used++;
    }
    word->count++;
}

// Turns capitals into small letters in place; the hash is FNV-1a.
static void count_words(Table* table, const Text* text) {
    char *at = text->data, *end = at + text->size;
    while (at < end) {
        char* start = at;
        uint32_t hash = 2166136261u;
        for (; at < end && (*at | 0x20) >= 'a' && (*at | 0x20) <= 'z'; at++) {
            *at |= 0x20;
            hash = (hash ^ (uint8_t)*at) * 16777619u;
        }
        if (at > start) count_word(table, start, (uint32_t)(at - start), hash);
        at += at < end;
    }
}

// The most frequent first, then by the alphabet.
static int compare_words(const void* left, const void* right) {
    const Word *a = left, *b = right;
    if (a->count != b->count) return a->count > b->count ? -1 : 1;
    int order = memcmp(a->letters, b->letters, a->size < b->size ? a->size : b->size);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

static void drop_free_places(Table* table) {
    size_t kept = 0;
    for (size_t i = 0; i < table->room; i++) {
        if (table->words[i].letters) table->words[kept++] = table->words[i];
    }
}

static uint64_t mix_words(const Table* table) {
    uint64_t sum = 0;
    for (size_t i = 0; i < table->used; i++) {
        const Word* word = &table->words[i];
        sum = mix_bytes(mix(sum, word->count), word->letters, word->size);
    }
    return sum;
}

int main(int argc, char** argv) {
    Text text = {0};
    Table table = {0};
    int n = work_size(argc, argv, 6000000, 20000000);  // the text has to fit into the memory
    write_text(&text, n);
    if (wants_show(argc, argv)) {
        text_show(&text);
        return 0;
    }
    Instant from = bench_now();
    count_words(&table, &text);
    drop_free_places(&table);
    if (table.used) qsort(table.words, table.used, sizeof *table.words, compare_words);
    uint64_t sum = mix_words(&table);
    bench_report(from, bench_now(), sum);
    printf("answer %zu\n", table.used);
    return 0;
}
