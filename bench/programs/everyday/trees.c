// A search tree whose nodes and names come from malloc, in many sizes, and go by free: n times a random key is
// inserted with a name of 1 to 200 bytes, or removed when it is there.
#include "arguments.h"
#include "text.h"

#define KEYS 20000

typedef struct Node {
    struct Node *left, *right;
    char* name;
    uint32_t key, size;
} Node;

static Node* make_node(uint32_t key, uint64_t* state) {
    Node* node = allocate(sizeof *node);
    *node = (Node){.key = key, .size = next_random(state) % 200 + 1};
    node->name = allocate(node->size);
    for (uint32_t i = 0; i < node->size; i++) node->name[i] = (char)(key + i);
    return node;
}

static void free_node(Node* node) {
    free(node->name);
    free(node);
}

// Where the node with that key hangs, or would hang.
static Node** find_place(Node** place, uint32_t key) {
    while (*place && (*place)->key != key) place = key < (*place)->key ? &(*place)->left : &(*place)->right;
    return place;
}

// A node with two children gives its place to the least one on its right.
static void remove_at(Node** place) {
    Node* gone = *place;
    if (!gone->left) {
        *place = gone->right;
    } else if (!gone->right) {
        *place = gone->left;
    } else {
        Node** least = &gone->right;
        while ((*least)->left) least = &(*least)->left;
        Node* heir = *least;
        *least = heir->right;
        heir->left = gone->left;
        heir->right = gone->right;
        *place = heir;
    }
    free_node(gone);
}

static uint64_t mix_nodes(const Node* node, uint64_t sum) {
    if (!node) return sum;
    sum = mix_nodes(node->left, sum);
    sum = mix_bytes(mix(sum, node->key), node->name, node->size);
    return mix_nodes(node->right, sum);
}

static void free_nodes(Node* node) {
    if (!node) return;
    free_nodes(node->left);
    free_nodes(node->right);
    free_node(node);
}

int main(int argc, char** argv) {
    Node* root = NULL;
    int n = work_size(argc, argv, 800000, 2000000000);
    uint64_t state = 17;
    Instant from = bench_now();
    for (int i = 0; i < n; i++) {
        uint32_t key = next_random(&state) % KEYS;
        Node** place = find_place(&root, key);
        if (*place) {
            remove_at(place);
        } else {
            *place = make_node(key, &state);
        }
    }
    uint64_t sum = mix_nodes(root, 0);
    free_nodes(root);
    bench_report(from, bench_now(), sum);
    return 0;
}
