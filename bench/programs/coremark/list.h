// A linked list that is searched, reversed and sorted; the order is the caller's, by a function pointer.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench.h"

// Apart from the node, so that sorting moves nodes and a search reads through a pointer, as with real records.
typedef struct {
    int16_t seed;   // what the value is computed from
    int16_t place;  // in the list as it was made
    int16_t value;
    bool known;  // whether the value is computed already
} Item;

typedef struct Node {
    struct Node* next;
    Item* item;
} Node;

// Negative, zero or positive as a comes before, with or after b.
typedef int32_t Compare(Item* a, Item* b, void* context);

static NOINLINE Node* list_find_place(Node* node, int16_t place) {
    while (node && node->item->place != place) node = node->next;
    return node;
}

static NOINLINE Node* list_find_seed(Node* node, int16_t low_byte) {
    while (node && (node->item->seed & 0xFF) != low_byte) node = node->next;
    return node;
}

static NOINLINE Node* list_reverse(Node* node) {
    Node* reversed = NULL;
    while (node) {
        Node* next = node->next;
        node->next = reversed;
        reversed = node;
        node = next;
    }
    return reversed;
}

// Ends a list after that many nodes; the result is what comes behind.
static inline Node* list_cut(Node* node, int count) {
    while (node && --count > 0) node = node->next;
    if (!node) return NULL;
    Node* rest = node->next;
    node->next = NULL;
    return rest;
}

// Joins two sorted lists at `*end`, of equal items the left one's first; the result is where the joined list ends.
static inline Node** list_merge(Node* left, Node* right, Node** end, Compare* compare, void* context) {
    while (left && right) {
        Node** first = compare(left->item, right->item, context) <= 0 ? &left : &right;
        *end = *first;
        end = &(*first)->next;
        *first = *end;
    }
    *end = left ? left : right;
    while (*end) end = &(*end)->next;
    return end;
}

// Merge sort from below: runs of 1, then 2, then 4 nodes, until one run is all there is.
static NOINLINE Node* list_sort(Node* list, Compare* compare, void* context) {
    for (int size = 1;; size *= 2) {
        Node *sorted = NULL, **end = &sorted;
        int runs = 0;
        for (Node* rest = list; rest; runs++) {
            Node *left = rest, *right = list_cut(left, size);
            rest = list_cut(right, size);
            end = list_merge(left, right, end, compare, context);
        }
        list = sorted;
        if (runs <= 1) return list;
    }
}
