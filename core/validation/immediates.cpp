#include "validation/immediates.hpp"

#include <string>

#include "wasm/opcode.hpp"
#include "wasm/type_reader.hpp"

namespace linocut {

namespace {

uint32_t read_existing(BodyReader& in, size_t count, const char* what) {
    const uint8_t* at = in.state.pc;
    const uint32_t index = in.read_u32();
    if (index >= count) in.fail_invalid(std::string("unknown ") + what + " " + std::to_string(index), at);
    return index;
}

}  // namespace

BlockType read_block_type(BodyReader& in) {
    constexpr uint8_t kNoType = 0x40, kLastType = 0x7F;  // between them lie the one-byte negative numbers
    const uint8_t* at = in.state.pc;
    if (*at == kNoType) {
        in.state.pc++;
        return {};
    }
    if (*at > kNoType && *at <= kLastType) return {{}, {list_of(in.read_value_type()), 1}};
    const int64_t index = in.read_signed(33);
    if (index < 0) in.fail_malformed("malformed block type", at);
    if (static_cast<uint64_t>(index) >= in.module.types.size()) {
        in.fail_invalid("unknown type " + std::to_string(index), at);
    }
    const FuncType& type = in.module.types[static_cast<size_t>(index)];
    return {span(type.params), span(type.results)};
}

// catch, catch_ref, catch_all, catch_all_ref
static CatchClause read_clause(BodyReader& in) {
    constexpr uint8_t kTakesReference = 1, kTakesAll = 2, kMost = 3;
    const uint8_t* const at = in.read_bytes(1);
    if (*at > kMost) in.fail_malformed("malformed catch clause", at);
    CatchClause clause{};
    clause.takes_reference = *at & kTakesReference;
    clause.tag = *at & kTakesAll ? CatchClause::kAnyTag : read_tag(in);
    clause.label_at = in.state.pc;
    clause.label = in.read_u32();
    return clause;
}

std::vector<CatchClause> read_catches(BodyReader& in) {
    const uint8_t* const count_at = in.state.pc;
    const uint32_t count = in.read_u32();
    if (count > static_cast<size_t>(in.last - in.state.pc)) in.fail_malformed("unexpected end", count_at);
    std::vector<CatchClause> clauses;
    clauses.reserve(count);
    for (uint32_t i = 0; i < count; i++) clauses.push_back(read_clause(in));
    return clauses;
}

std::vector<ValType> values_of(const CatchClause& clause, const Module& module) {
    std::vector<ValType> types;
    if (clause.tag != CatchClause::kAnyTag) types = module.type_of_tag(clause.tag).params;
    if (clause.takes_reference) types.push_back(ValType::ExnRef);
    return types;
}

namespace {

// §5.4.6: bit 6 of the flags announces a memory index; offsets have 64 bits.
MemArg read_memarg(BodyReader& in, uint8_t natural, bool is_atomic) {
    const uint8_t* at = in.state.pc;
    const uint32_t flags = in.read_u32();
    if (flags >= 128) in.fail_malformed("malformed memop flags", at);
    const uint32_t memory = flags & kNamesMemory ? in.read_u32() : 0;
    if (memory >= in.module.memories.size()) in.fail_invalid("unknown memory " + std::to_string(memory), at);
    if ((flags & 63) > natural) in.fail_invalid("alignment must not be larger than natural", at);
    if (is_atomic && (flags & 63) != natural) in.fail_invalid("atomic alignment must be natural", at);
    const uint64_t offset = in.read_unsigned(64);
    if (offset > UINT32_MAX && !in.module.memories[memory].is64) in.fail_invalid("offset out of range", at);
    return {memory, offset};
}

}  // namespace

MemArg read_checked_memarg(BodyReader& in, uint8_t natural) { return read_memarg(in, natural, false); }
MemArg read_atomic_memarg(BodyReader& in, uint8_t natural) { return read_memarg(in, natural, true); }

void read_order(BodyReader& in) {
    const uint8_t* const at = in.read_bytes(1);
    if (*at) in.fail_malformed("zero byte expected", at);
}

uint8_t read_lane(BodyReader& in, unsigned count) {
    const uint8_t* const at = in.read_bytes(1);
    if (*at >= count)
        in.fail_invalid("invalid lane index " + std::to_string(*at) + " of " + std::to_string(count), at);
    return *at;
}

const uint8_t* read_lanes(BodyReader& in) {
    const uint8_t* const lanes = in.state.pc;
    for (unsigned i = 0; i < 16; i++) read_lane(in, 32);
    return lanes;
}

uint32_t read_table(BodyReader& in) { return read_existing(in, in.module.tables.size(), "table"); }
uint32_t read_memory(BodyReader& in) { return read_existing(in, in.module.memories.size(), "memory"); }
uint32_t read_tag(BodyReader& in) { return read_existing(in, in.module.tags.size(), "tag"); }
uint32_t read_elem(BodyReader& in) { return read_existing(in, in.module.elems.size(), "elem segment"); }

// §5.5.16: code that names data segments wants the data count section before it.
uint32_t read_data(BodyReader& in) {
    if (in.module.data_count < 0) in.fail_malformed("data count section required", in.state.pc);
    return read_existing(in, static_cast<size_t>(in.module.data_count), "data segment");
}

uint32_t read_declared_function(BodyReader& in) {
    const uint8_t* at = in.state.pc;
    const uint32_t index = read_existing(in, in.module.functions.size(), "function");
    if (in.module.declared_position.empty() || in.module.declared_position[index] < 0) {
        in.fail_invalid("undeclared function reference " + std::to_string(index), at);
    }
    return index;
}

ValType read_heap_type(BodyReader& in) {
    return in.read_with([](Reader& reader) { return read_heap_type(reader); });
}

void check_elem_fits(const BodyReader& in, ValType source, ValType table, const uint8_t* at) {
    if (matches(source, table)) return;
    in.fail_invalid(
        std::string("type mismatch: ") + name_of(source) + " elements for a table of " + name_of(table), at);
}

}  // namespace linocut
