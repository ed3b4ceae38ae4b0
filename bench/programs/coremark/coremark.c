// A workload of CoreMark's class, written from that benchmark's public description and not from its source: a
// linked list is searched, reversed and sorted by values that a state machine or small matrices compute; CRC-16 of
// all results feeds the next iteration. Its figures are not CoreMark scores.
#include "arguments.h"
#include "bench.h"
#include "crc.h"
#include "list.h"
#include "matrix.h"
#include "state_machine.h"

#define ITEMS 36
#define SEARCHES 80

typedef struct {
    Item items[ITEMS];
    Node nodes[ITEMS];
    Matrices matrices;
    StateMachine machine;
    uint16_t list_crc, matrix_crc, state_crc;
} Workload;

static Node* make_list(Workload* work, uint64_t* random) {
    for (int i = 0; i < ITEMS; i++) {
        int kind = i % 8;  // equally many of each
        work->items[i] =
            (Item){.seed = (int16_t)((next_random(random) & 0x7FF8) | kind), .place = (int16_t)i};
        work->nodes[i] = (Node){i + 1 < ITEMS ? &work->nodes[i + 1] : NULL, &work->items[i]};
    }
    return &work->nodes[0];
}

// The state machine or the matrices work for two kinds of items in eight; the other values are cheap.
static NOINLINE int16_t compute_value(const Item* item, Workload* work) {
    int detail = item->seed >> 3;
    switch (item->seed & 7) {
    case 0:
        work->state_crc = state_run(&work->machine, 2 + detail % 30, work->state_crc);
        return (int16_t)work->state_crc;
    case 1:
        work->matrix_crc = matrix_run(&work->matrices, (int16_t)(detail & 0xFF), work->matrix_crc);
        return (int16_t)work->matrix_crc;
    default: return (int16_t)detail;
    }
}

static int16_t value_of(Item* item, Workload* work) {
    if (!item->known) {
        item->value = compute_value(item, work);
        item->known = true;
    }
    return item->value;
}

static int32_t compare_values(Item* a, Item* b, void* context) {
    int32_t value_of_a = value_of(a, context);  // first: computing a value changes the CRCs
    return value_of_a - value_of(b, context);
}

static int32_t compare_places(Item* a, Item* b, void* context) {
    (void)context;
    return (int32_t)a->place - b->place;
}

// Volatile, so that no compiler makes a sort for each of them: the comparisons are to stay indirect calls.
static Compare* volatile by_value = compare_values;
static Compare* volatile by_place = compare_places;

static uint16_t crc_of_values(const Node* node, uint16_t crc) {
    for (; node; node = node->next) crc = crc_half(crc, (uint16_t)node->item->value);
    return crc;
}

// Every other search is for a place, which is found, the others for a seed's byte, which may be missing. What
// is found changes places with the next item; the list is reversed each time.
static NOINLINE Node* search(Node* list, Workload* work, int round) {
    for (int i = 0; i < SEARCHES; i++) {
        Node* found = i % 2 ? list_find_place(list, (int16_t)((i + round) % ITEMS))
                            : list_find_seed(list, (int16_t)((i * 37 + round) & 0xFF));
        list = list_reverse(list);
        if (!found) {
            work->list_crc = crc_byte(work->list_crc, (uint8_t)list->item->seed);
        } else if (found->next) {
            Item* kept = found->item;
            found->item = found->next->item;
            found->next->item = kept;
            work->list_crc = crc_half(work->list_crc, (uint16_t)kept->seed);
        }
    }
    return list;
}

static Node* iterate(Node* list, Workload* work, int round) {
    list = search(list, work, round);
    list = list_sort(list, by_value, work);
    work->list_crc = crc_of_values(list, work->list_crc);
    list = list_sort(list, by_place, work);
    for (Node* node = list; node; node = node->next) node->item->known = false;
    return list;
}

// Exits with a message when a CRC after the first iteration is not what it has to be everywhere.
static void validate(const Workload* work) {
    static const uint16_t expected[] = {0xfb51, 0x1330, 0xcfca};
    const uint16_t found[] = {work->list_crc, work->matrix_crc, work->state_crc};
    static const char* const names[] = {"list", "matrices", "state machine"};
    for (int i = 0; i < 3; i++) {
        if (found[i] == expected[i]) continue;
        fprintf(stderr, "%s: CRC %04x, expected %04x\n", names[i], found[i], expected[i]);
        exit(4);
    }
}

int main(int argc, char** argv) {
    static Workload work;
    int n = work_size(argc, argv, 10000, 100000000);
    uint64_t random = 2024, sum = 0;
    Node* list = make_list(&work, &random);
    matrix_fill(&work.matrices, &random);
    state_fill(&work.machine, &random);

    Instant from = bench_now();
    for (int round = 0; round < n; round++) {
        list = iterate(list, &work, round);
        if (round == 0) validate(&work);
    }
    sum = mix(mix(mix(sum, work.list_crc), work.matrix_crc), work.state_crc);
    bench_report(from, bench_now(), sum);
    printf("answer %04x %04x %04x\n", work.list_crc, work.matrix_crc, work.state_crc);
    return 0;
}
