// n = 100
// Linked lists: 100 000 nodes in scattered order are walked, searched, reversed; n rounds.
#include "kernel.h"

#define SIZE 100000

typedef struct Node {
    struct Node *next;
    i32 key;
    i32 value;
} Node;

static Node nodes[SIZE];
static i32 order[SIZE];

static Node *build(void)
{
    u64 state = 3;
    for (i32 i = 0; i < SIZE; i++)
        order[i] = i;
    for (i32 i = SIZE - 1; i > 0; i--) { // near neighbours only, so that the cache is not all that is measured
        i32 j = i - (i32)(next_random(&state) % (u32)(i < 64 ? i + 1 : 64));
        i32 t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    for (i32 i = 0; i < SIZE; i++) {
        Node *node = &nodes[order[i]];
        node->next = i + 1 < SIZE ? &nodes[order[i + 1]] : 0;
        node->key = (i32)(next_random(&state) % SIZE);
        node->value = i;
    }
    return &nodes[order[0]];
}

static Node *reverse(Node *node)
{
    Node *before = 0;
    while (node) {
        Node *next = node->next;
        node->next = before;
        before = node;
        node = next;
    }
    return before;
}

static i32 find(const Node *node, i32 key)
{
    while (node && node->key != key)
        node = node->next;
    return node ? node->value : -1;
}

EXPORT i64 run(i32 n)
{
    Node *list = build();
    u64 sum = 0;
    for (i32 round = 0; round < n; round++) {
        u32 total = 0;
        for (const Node *node = list; node; node = node->next)
            total = total * 3 + (u32)node->value;
        sum = mix(sum, total);
        for (i32 i = 0; i < 10; i++)
            sum = mix(sum, (u64)find(list, (round * 7919 + i * 104729) % SIZE));
        list = reverse(list);
    }
    return (i64)sum;
}
