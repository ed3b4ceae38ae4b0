// Runtime functions that machine code may call, as an X-list. Plain C, includes nothing of ours; the stubs' assembly
// reads the list, too.
//
// Machine code calls the stub LcContext::helpers[LC_HELPER_x] like a wasm function: integer arguments
// in the registers of the first four. The stub saves what the C convention does not, and calls
//   struct LcHelperResult linocut_helper_x(struct LcContext *, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
// A status other than 0 is 1 + the number of a Trap. `immediates` packs two indices: first | second << 32.
#ifndef LINOCUT_ABI_HELPERS_H
#define LINOCUT_ABI_HELPERS_H

//           name           arguments
#define LC_HELPERS(X)                                                     \
    X(atomic_notify)     /* address, count, offset | memory << 32 → woken */ \
    X(atomic_wait32)     /* address, expected, timeout, offset | memory << 32 → 0, 1, 2 */ \
    X(atomic_wait64)     /* the same */                                   \
    X(throw)             /* tag; the values are in the argument buffer */ \
    X(throw_ref)         /* exception */                                  \
    X(memory_grow)       /* pages, memory → old pages or -1 (as u32) */   \
    X(memory_init)       /* destination, source, count, data | memory << 32 */ \
    X(data_drop)         /* data */                                       \
    X(memory_copy)       /* destination, source, count, to | from << 32 */ \
    X(memory_fill)       /* destination, byte, count, memory */           \
    X(table_get)         /* index, table → reference */                   \
    X(table_set)         /* index, reference, table */                    \
    X(table_init)        /* destination, source, count, elem | table << 32 */ \
    X(elem_drop)         /* elem */                                       \
    X(table_copy)        /* destination, source, count, to | from << 32 */ \
    X(table_grow)        /* reference, count, table → old size or -1 */   \
    X(table_fill)        /* index, reference, count, table */

#ifndef __ASSEMBLER__
#include <stdint.h>

enum LcHelper {
#define X(name) LC_HELPER_##name,
    LC_HELPERS(X)
#undef X
    LC_HELPER_COUNT
};

struct LcHelperResult {
    uint64_t value;
    uint64_t status;
};
#endif

#endif
