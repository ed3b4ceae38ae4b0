// Compression by repetitions (LZ77): a text of n blocks of 16 KiB is packed, searching by a hash of three bytes, and
// unpacked again. Packed, a byte below 128 says how many bytes follow as they are, less one; one from 128 on is the
// length of a repetition plus 125, and two bytes of its distance follow, the low one first.
#include "arguments.h"
#include "text.h"

#define BLOCK 16384
#define BUCKETS 8192
#define SHORTEST 3
#define LONGEST 130
#define FARTHEST 65535
#define MOST_PLAIN 128

// A text such as programs write: few words, in lines that resemble each other.
static void write_text(Text* text, size_t size) {
    static const char* const words[] = {"status", "request", "from", "client", "finished in", "ms",
                                        "cache",  "miss",    "user", "error",  "retry",       "ok"};
    uint64_t state = 51;
    while (text->size < size) {
        text_add(text, words[next_random(&state) % 12]);
        text_add_byte(text, next_random(&state) % 9 ? ' ' : '\n');
        if (next_random(&state) % 4 == 0) text_add_number(text, next_random(&state) % 10000, 1);
    }
    text->size = size;
}

static void add_plain(Text* packed, const char* from, size_t size) {
    while (size) {
        size_t taken = size < MOST_PLAIN ? size : MOST_PLAIN;
        text_add_byte(packed, (int)taken - 1);
        text_add_bytes(packed, from, taken);
        from += taken;
        size -= taken;
    }
}

static void add_repetition(Text* packed, size_t length, size_t distance) {
    text_add_byte(packed, (int)length + 125);
    text_add_byte(packed, (int)(distance & 0xFF));
    text_add_byte(packed, (int)(distance >> 8));
}

static uint32_t hash_of(const char* at) {
    uint32_t bytes = (uint8_t)at[0] | (uint32_t)(uint8_t)at[1] << 8 | (uint32_t)(uint8_t)at[2] << 16;
    return (bytes * 2654435761u) >> 19;
}

// How many bytes are the same at both places, of which `at` is the later one.
static size_t common_length(const Text* text, size_t earlier, size_t at) {
    size_t most = text->size - at < LONGEST ? text->size - at : LONGEST, length = 0;
    while (length < most && text->data[earlier + length] == text->data[at + length]) length++;
    return length;
}

static void pack(const Text* text, Text* packed) {
    static size_t last[BUCKETS];  // where a hash was seen, plus one
    memset(last, 0, sizeof last);
    size_t plain = 0, at = 0;  // from `plain` on, nothing is packed yet
    while (at + SHORTEST <= text->size) {
        size_t* bucket = &last[hash_of(text->data + at)];
        size_t earlier = *bucket, length = 0;
        *bucket = at + 1;
        if (earlier && at + 1 - earlier <= FARTHEST) length = common_length(text, earlier - 1, at);
        if (length < SHORTEST) {
            at++;
            continue;
        }
        add_plain(packed, text->data + plain, at - plain);
        add_repetition(packed, length, at + 1 - earlier);
        at += length;
        plain = at;
    }
    if (plain < text->size) add_plain(packed, text->data + plain, text->size - plain);
}

static void unpack(const Text* packed, Text* text) {
    const uint8_t *at = (const uint8_t*)packed->data, *end = at + packed->size;
    while (at < end) {
        size_t kind = *at++;
        if (kind < MOST_PLAIN) {
            text_add_bytes(text, (const char*)at, kind + 1);
            at += kind + 1;
        } else {
            size_t distance = at[0] | (size_t)at[1] << 8;
            at += 2;
            for (size_t left = kind - 125; left; left--)
                text_add_byte(text, text->data[text->size - distance]);
        }
    }
}

int main(int argc, char** argv) {
    Text text = {0}, packed = {0}, unpacked = {0};
    int n = work_size(argc, argv, 1400, 6000);  // three such texts have to fit into the memory
    write_text(&text, (size_t)n * BLOCK);
    if (wants_show(argc, argv)) {
        pack(&text, &packed);
        text_show(&packed);
        text_show(&text);
        return 0;
    }
    Instant from = bench_now();
    pack(&text, &packed);
    unpack(&packed, &unpacked);
    uint64_t sum = mix_bytes(0, packed.data, packed.size);
    sum = mix_bytes(sum, unpacked.data, unpacked.size);
    bench_report(from, bench_now(), sum);
    printf("answer %zu\n", packed.size);
    return 0;
}
