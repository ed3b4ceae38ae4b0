// Validation (spec: appendix A.3) without emitting code: the operand stack holds types only, and below what
// unreachable code itself pushes everything matches. It serves code that cannot be reached, bodies that are not
// to become machine code, and those that the compiler has refused: what is wrong with a module, and where, is
// said here only.
#include "validation/validator.hpp"

#include <string>
#include <unordered_set>
#include <vector>

#include "validation/immediates.hpp"
#include "wasm/features.hpp"
#include "wasm/opcode.hpp"

namespace linocut {

namespace {

constexpr ValType ANY = ValType::None;  // the type of a value that is not there
constexpr ValType I32 = ValType::I32;

struct Block {
    ControlKind kind;
    BlockType type;
    size_t height;
    bool is_unreachable;
};

class Validator {
public:
    Validator(BodyReader& c, std::span<const Control> frames, size_t below, bool is_unreachable)
        : c(c), frames(frames), below(below) {
        const Control& control = frames.back();
        blocks.push_back({control.kind, {control.params, control.results}, 0, is_unreachable});
    }

    BodyReader& c;
    const std::span<const Control> frames;  // live ones, the innermost last
    const size_t below;                     // values that wait beneath the innermost live frame
    std::vector<ValType> types;
    std::vector<Block> blocks;    // the first one is the innermost live frame
    const uint8_t* at = nullptr;  // the opcode at hand

    ValType pop() {
        if (types.size() > blocks.back().height) {
            const ValType type = types.back();
            types.pop_back();
            return type;
        }
        if (!blocks.back().is_unreachable) fail(ANY, ANY);
        return ANY;
    }

    void pop(ValType expected) {
        const bool is_empty = types.size() == blocks.back().height;
        if (is_empty && !blocks.back().is_unreachable) fail(expected, ANY);
        const ValType found = pop();
        if (found != expected && found != ANY) fail(expected, found);
    }

    void pop(TypeSpan span) {
        for (uint32_t i = span.size; i-- > 0;) pop(span[i]);
    }
    void pop(const std::vector<ValType>& span) { pop({span.data(), static_cast<uint32_t>(span.size())}); }

    void push(ValType type) { types.push_back(type); }
    void push(TypeSpan span) {
        c.check_height(below + types.size(), span.size);
        types.insert(types.end(), span.data, span.data + span.size);
    }
    void push(const std::vector<ValType>& span) { push({span.data(), static_cast<uint32_t>(span.size())}); }

    void leave() {
        types.resize(blocks.back().height);
        blocks.back().is_unreachable = true;
    }

    TypeSpan read_label() {
        const uint8_t* const index_at = c.state.pc;
        return label(c.read_u32(), index_at);
    }

    TypeSpan label(uint32_t depth, const uint8_t* index_at) {
        if (depth < blocks.size()) {
            const Block& block = blocks[blocks.size() - 1 - depth];
            return block.kind == ControlKind::Loop ? block.type.params : block.type.results;
        }
        const size_t outer = depth - (blocks.size() - 1);
        if (outer >= frames.size()) c.fail_invalid("unknown label " + std::to_string(depth), index_at);
        return frames[frames.size() - 1 - outer].label_types();
    }

    [[noreturn]] void fail(ValType expected, ValType found) const {
        const auto name = [](ValType type) { return type == ANY ? "an empty stack" : name_of(type); };
        const std::string wanted = expected == ANY ? "a value" : name_of(expected);
        c.fail_invalid("type mismatch: " + wanted + " expected, " + name(found) + " found", at);
    }

    void check_end() {
        pop(blocks.back().type.results);
        if (types.size() != blocks.back().height) {
            c.fail_invalid("type mismatch: values remain at the end of a block", at);
        }
    }
};

using Checker = void (*)(Validator& d, const OpcodeFacts& facts);

// ── rows whose types are in the table ───────────────────────────────────────
void check_plain(Validator& d, const OpcodeFacts& facts) {
    if (facts.immediate == Imm::MemArg) {
        read_checked_memarg(d.c, facts.align);
    }
    for (int i = facts.param_count; i-- > 0;) d.pop(facts.params[i]);
    if (facts.result != ValType::None) d.push(facts.result);
}

// ── control ─────────────────────────────────────────────────────────────────
void open_block(Validator& d, ControlKind kind) {
    const BlockType type = read_block_type(d.c);
    if (kind == ControlKind::If) d.pop(I32);
    d.pop(type.params);
    d.blocks.push_back({kind, type, d.types.size(), false});
    d.push(type.params);
}

void check_unreachable(Validator& d, const OpcodeFacts&) { d.leave(); }
void check_nop(Validator&, const OpcodeFacts&) {}
void check_block(Validator& d, const OpcodeFacts&) { open_block(d, ControlKind::Block); }
void check_loop(Validator& d, const OpcodeFacts&) { open_block(d, ControlKind::Loop); }
void check_if(Validator& d, const OpcodeFacts&) { open_block(d, ControlKind::If); }

void check_else(Validator& d, const OpcodeFacts&) {
    Block& block = d.blocks.back();
    if (block.kind != ControlKind::If) d.c.fail_malformed("else without if", d.at);
    d.check_end();
    block.kind = ControlKind::Else;
    block.is_unreachable = false;
    d.push(block.type.params);
}

void check_end(Validator& d, const OpcodeFacts&) {
    d.check_end();
    const Block block = d.blocks.back();
    if (block.kind == ControlKind::If) {
        const TypeSpan params = block.type.params, results = block.type.results;
        bool same = params.size == results.size;
        for (uint32_t i = 0; same && i < params.size; i++) same = params[i] == results[i];
        if (!same)
            d.c.fail_invalid("type mismatch: an if without else whose results are not its parameters", d.at);
    }
    d.blocks.pop_back();
    d.push(block.type.results);
}

void check_br(Validator& d, const OpcodeFacts&) {
    d.pop(d.read_label());
    d.leave();
}

void check_br_if(Validator& d, const OpcodeFacts&) {
    const TypeSpan types = d.read_label();
    d.pop(I32);
    d.pop(types);
    d.push(types);
}

// Popped and put back as they were found: an absent value fits each label's type.
void check_label_values(Validator& d, TypeSpan types) {
    std::vector<ValType> found;
    for (uint32_t i = types.size; i-- > 0;) {
        const bool is_absent = d.types.size() == d.blocks.back().height;
        found.push_back(is_absent ? ANY : d.types.back());
        d.pop(types[i]);
    }
    for (; !found.empty(); found.pop_back()) d.push(found.back());
}

void check_br_table(Validator& d, const OpcodeFacts&) {
    const uint8_t* count_at = d.c.state.pc;
    d.pop(I32);
    const uint32_t count = d.c.read_u32();
    if (count > static_cast<size_t>(d.c.last - d.c.state.pc)) d.c.fail_malformed("unexpected end", count_at);
    std::vector<TypeSpan> labels;
    labels.reserve(size_t{count} + 1);
    for (uint32_t i = 0; i <= count; i++) labels.push_back(d.read_label());
    std::unordered_set<const ValType*> checked;  // each list of a thousand types once, however many name it
    for (const TypeSpan types : labels) {
        if (types.size != labels.back().size)
            d.c.fail_invalid("type mismatch: br_table labels of different arity", d.at);
        if (types.size && checked.insert(types.data).second) check_label_values(d, types);
    }
    d.leave();
}

void check_return(Validator& d, const OpcodeFacts&) {
    d.pop(d.frames.front().results);
    d.leave();
}

void check_call(Validator& d, const OpcodeFacts&) {
    const uint8_t* at = d.c.state.pc;
    const uint32_t index = d.c.read_u32();
    if (index >= d.c.module.functions.size())
        d.c.fail_invalid("unknown function " + std::to_string(index), at);
    const FuncType& type = d.c.module.type_of_function(index);
    d.pop(type.params);
    d.push(type.results);
}

void check_call_indirect(Validator& d, const OpcodeFacts&) {
    const uint8_t* at = d.c.state.pc;
    const uint32_t index = d.c.read_u32();
    if (index >= d.c.module.types.size()) d.c.fail_invalid("unknown type " + std::to_string(index), at);
    const uint32_t table = read_table(d.c);
    if (d.c.module.tables[table].type.element != ValType::FuncRef) {
        d.c.fail_invalid("type mismatch: call_indirect wants a table of funcref", d.at);
    }
    d.pop(I32);
    d.pop(d.c.module.types[index].params);
    d.push(d.c.module.types[index].results);
}

void check_drop(Validator& d, const OpcodeFacts&) { d.pop(); }

void check_select(Validator& d, const OpcodeFacts&) {
    d.pop(I32);
    const ValType b = d.pop(), a = d.pop();
    const bool fits = a == b || a == ANY || b == ANY;
    if (!fits || is_reference(a) || is_reference(b)) d.fail(a, b);
    d.push(a == ANY ? b : a);
}

void check_select_t(Validator& d, const OpcodeFacts&) {
    const uint8_t* at = d.c.state.pc;
    if (d.c.read_u32() != 1) d.c.fail_invalid("invalid result arity: select wants one type", at);
    const ValType type = d.c.read_value_type();
    d.pop(I32);
    d.pop(type);
    d.pop(type);
    d.push(type);
}

// ── locals, globals, constants ──────────────────────────────────────────────
ValType read_local(Validator& d) {
    const uint8_t* at = d.c.state.pc;
    const uint32_t index = d.c.read_u32();
    if (index >= d.c.local_count) d.c.fail_invalid("unknown local " + std::to_string(index), at);
    return d.c.type_of_local(index);
}

const GlobalType& read_global(Validator& d) {
    const uint8_t* at = d.c.state.pc;
    const uint32_t index = d.c.read_u32();
    if (index >= d.c.module.globals.size()) d.c.fail_invalid("unknown global " + std::to_string(index), at);
    return d.c.module.globals[index].type;
}

void check_local_get(Validator& d, const OpcodeFacts&) { d.push(read_local(d)); }
void check_local_set(Validator& d, const OpcodeFacts&) { d.pop(read_local(d)); }

void check_local_tee(Validator& d, const OpcodeFacts&) {
    const ValType type = read_local(d);
    d.pop(type);
    d.push(type);
}

void check_global_get(Validator& d, const OpcodeFacts&) { d.push(read_global(d).value); }

void check_global_set(Validator& d, const OpcodeFacts&) {
    const uint8_t* at = d.c.state.pc;
    const GlobalType& type = read_global(d);
    if (!type.is_mutable) d.c.fail_invalid("immutable global", at);
    d.pop(type.value);
}

void check_i32_const(Validator& d, const OpcodeFacts&) {
    d.c.read_signed(32);
    d.push(I32);
}

void check_i64_const(Validator& d, const OpcodeFacts&) {
    d.c.read_signed(64);
    d.push(ValType::I64);
}

void pass_bytes(Validator& d, ptrdiff_t count) {
    if (d.c.last - d.c.state.pc < count) d.c.fail_malformed("unexpected end", d.c.last);
    d.c.state.pc += count;
}

void check_f32_const(Validator& d, const OpcodeFacts&) {
    pass_bytes(d, 4);
    d.push(ValType::F32);
}

void check_f64_const(Validator& d, const OpcodeFacts&) {
    pass_bytes(d, 8);
    d.push(ValType::F64);
}

// ── references, tables, bulk memory ─────────────────────────────────────────
void check_ref_null(Validator& d, const OpcodeFacts&) { d.push(read_heap_type(d.c)); }

void check_ref_is_null(Validator& d, const OpcodeFacts&) {
    const ValType type = d.pop();
    if (type != ANY && !is_reference(type)) d.fail(ValType::FuncRef, type);
    d.push(I32);
}

void check_ref_func(Validator& d, const OpcodeFacts&) {
    read_declared_function(d.c);
    d.push(ValType::FuncRef);
}

ValType read_element_type(Validator& d) { return d.c.module.tables[read_table(d.c)].type.element; }

void pop_three(Validator& d) {
    for (int i = 0; i < 3; i++) d.pop(I32);
}

void check_table_get(Validator& d, const OpcodeFacts&) {
    const ValType type = read_element_type(d);
    d.pop(I32);
    d.push(type);
}

void check_table_set(Validator& d, const OpcodeFacts&) {
    d.pop(read_element_type(d));
    d.pop(I32);
}

void check_table_init(Validator& d, const OpcodeFacts&) {
    const uint8_t* at = d.c.state.pc;
    const uint32_t elem = read_elem(d.c);
    check_elem_fits(d.c, d.c.module.elems[elem].type, read_element_type(d), at);
    pop_three(d);
}

void check_elem_drop(Validator& d, const OpcodeFacts&) { read_elem(d.c); }

void check_table_copy(Validator& d, const OpcodeFacts&) {
    const uint8_t* at = d.c.state.pc;
    const ValType to = read_element_type(d), from = read_element_type(d);
    check_elem_fits(d.c, from, to, at);
    pop_three(d);
}

void check_table_grow(Validator& d, const OpcodeFacts&) {
    const ValType type = read_element_type(d);
    d.pop(I32);
    d.pop(type);
    d.push(I32);
}

void check_table_size(Validator& d, const OpcodeFacts&) {
    read_table(d.c);
    d.push(I32);
}

void check_table_fill(Validator& d, const OpcodeFacts&) {
    const ValType type = read_element_type(d);
    d.pop(I32);
    d.pop(type);
    d.pop(I32);
}

void check_memory_size(Validator& d, const OpcodeFacts&) {
    read_memory(d.c);
    d.push(I32);
}

void check_memory_grow(Validator& d, const OpcodeFacts&) {
    read_memory(d.c);
    d.pop(I32);
    d.push(I32);
}

void check_memory_init(Validator& d, const OpcodeFacts&) {
    read_data(d.c);
    read_memory(d.c);
    pop_three(d);
}

void check_data_drop(Validator& d, const OpcodeFacts&) { read_data(d.c); }

void check_memory_copy(Validator& d, const OpcodeFacts&) {
    read_memory(d.c);
    read_memory(d.c);
    pop_three(d);
}

void check_memory_fill(Validator& d, const OpcodeFacts&) {
    read_memory(d.c);
    pop_three(d);
}

void check_illegal(Validator& d, const OpcodeFacts&) {
    d.c.read_with([&](Reader& reader) -> int { throw unknown_opcode(*d.at, reader, d.c.offset_of(d.at)); });
}

void check_prefix_fc(Validator& d, const OpcodeFacts& facts);

#include "checkers.inc"

void check_prefix_fc(Validator& d, const OpcodeFacts&) {
    const uint32_t number = d.c.read_u32();
    const OpcodeFacts* facts = number < 256 ? facts_of(static_cast<uint16_t>(0xFC00 | number)) : nullptr;
    if (!facts) throw unknown_opcode(*d.at, number, d.c.offset_of(d.at)).in_function(d.c.function);
    CHECKERS_FC[number](d, *facts);
}

struct FactsByByte {
    const OpcodeFacts* facts[256];
    constexpr FactsByByte() : facts() {
        for (const OpcodeFacts*& entry : facts) entry = &OPCODE_FACTS[0];
        for (const OpcodeFacts& row : OPCODE_FACTS) {
            if (static_cast<uint16_t>(row.code) < 256) facts[static_cast<uint16_t>(row.code)] = &row;
        }
    }
};
constexpr FactsByByte FACTS;

// Up to the else or end of the innermost frame; returns where that is.
const uint8_t* check_block(Validator& d) {
    BodyReader& c = d.c;
    for (;;) {
        if (c.state.pc > c.last) c.fail_malformed("unexpected end", c.last);
        d.at = c.state.pc;
        const uint8_t byte = *d.at;
        if (d.blocks.size() == 1 && (byte == BYTE_END || byte == BYTE_ELSE)) {
            c.state.pc++;
            d.check_end();
            return c.state.pc - 1;
        }
        c.state.pc++;
        CHECKERS[byte](d, *FACTS.facts[byte]);
    }
}

void check_body(BodyReader& c) {
    const Control function{.kind = ControlKind::Function,
                           .is_unreachable = false,
                           .base = 0,
                           .params = {},
                           .results = span(c.type->results),
                           .loop_start = nullptr,
                           .jumps = nullptr,
                           .else_jump = nullptr};
    Validator d(c, {&function, 1}, 0, false);
    const uint8_t* end = check_block(d);
    if (*end == BYTE_ELSE) c.fail_malformed("else without if", end);
    if (end != c.last) c.fail_malformed("END opcode expected at the end of the function only", end);
}

}  // namespace

const uint8_t* check_dead_code(BodyReader& c, std::span<const Control> frames, size_t values) {
    const uint8_t* pc = c.state.pc;
    // Mostly there is none: whatever the block's results are, an unreachable end has them.
    if (*pc == BYTE_END || (*pc == BYTE_ELSE && frames.back().kind == ControlKind::If)) return pc;
    Validator d(c, frames, values, true);
    return check_block(d);
}

void validate_bodies(const Module& module) {
    BodyReader body(module);
    for (uint32_t i = 0; i < module.bodies.size(); i++) {
        body.open(i);
        body.read_locals();
        check_body(body);
    }
}

}  // namespace linocut
