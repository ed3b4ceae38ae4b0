// Linked lists: 100 000 nodes in scattered order are walked, searched and reversed; n rounds.
#include "arguments.h"
#include "bench.h"

#define SIZE 100000

typedef struct Node {
    struct Node* next;
    int32_t key;
    int32_t value;
} Node;

static Node nodes[SIZE];
static int32_t order[SIZE];

// Near neighbours only, so that the cache is not all that is measured.
static void shuffle(uint64_t* state) {
    for (int i = 0; i < SIZE; i++) order[i] = i;
    for (int i = SIZE - 1; i > 0; i--) {
        int j = i - (int)(next_random(state) % (uint32_t)(i < 64 ? i + 1 : 64));
        int32_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

static Node* build(void) {
    uint64_t state = 3;
    shuffle(&state);
    for (int i = 0; i < SIZE; i++) {
        Node* node = &nodes[order[i]];
        node->next = i + 1 < SIZE ? &nodes[order[i + 1]] : NULL;
        node->key = (int32_t)(next_random(&state) % SIZE);
        node->value = i;
    }
    return &nodes[order[0]];
}

static Node* reverse(Node* node) {
    Node* before = NULL;
    while (node) {
        Node* next = node->next;
        node->next = before;
        before = node;
        node = next;
    }
    return before;
}

static int32_t find(const Node* node, int32_t key) {
    while (node && node->key != key) node = node->next;
    return node ? node->value : -1;
}

static uint32_t walk(const Node* node) {
    uint32_t total = 0;
    for (; node; node = node->next) total = total * 3 + (uint32_t)node->value;
    return total;
}

int main(int argc, char** argv) {
    int n = work_size(argc, argv, 100, 200000);  // keys are computed in 32 bits
    Node* list = build();
    uint64_t sum = 0;
    Instant from = bench_now();
    for (int round = 0; round < n; round++) {
        sum = mix(sum, walk(list));
        for (int i = 0; i < 10; i++) sum = mix(sum, (uint64_t)find(list, (round * 7919 + i * 104729) % SIZE));
        list = reverse(list);
    }
    bench_report(from, bench_now(), sum);
    return 0;
}
