// Immediates with the checks that they fit the module.
#pragma once

#include "validation/body_reader.hpp"
#include "validation/control_stack.hpp"

namespace linocut {

struct BlockType {
    TypeSpan params, results;
};
BlockType read_block_type(BodyReader& in);

// A clause of try_table (§5.4.1).
struct CatchClause {
    static constexpr uint32_t kAnyTag = UINT32_MAX;
    uint32_t tag;  // or kAnyTag
    bool takes_reference;
    uint32_t label;  // a depth, as outside of the block
    const uint8_t* label_at;
};
std::vector<CatchClause> read_catches(BodyReader& in);
// The values that it gives to its label.
std::vector<ValType> values_of(const CatchClause& clause, const Module& module);

// Of a load or store.
struct MemArg {
    uint32_t memory;
    uint64_t offset;
};
MemArg read_checked_memarg(BodyReader& in, uint8_t natural);
// The same of an atomic access, which may not be said to be less aligned.
MemArg read_atomic_memarg(BodyReader& in, uint8_t natural);
// The one order of accesses there is.
void read_order(BodyReader& in);

// One of `count` lanes; one after the other of sixteen, each out of 32.
uint8_t read_lane(BodyReader& in, unsigned count);
const uint8_t* read_lanes(BodyReader& in);

uint32_t read_table(BodyReader& in);
uint32_t read_memory(BodyReader& in);
uint32_t read_tag(BodyReader& in);
uint32_t read_elem(BodyReader& in);
uint32_t read_data(BodyReader& in);
uint32_t read_declared_function(BodyReader& in);
ValType read_heap_type(BodyReader& in);
void check_elem_fits(const BodyReader& in, ValType source, ValType table, const uint8_t* at);

}  // namespace linocut
