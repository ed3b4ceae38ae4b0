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
        if (found != ANY && !matches(found, expected)) fail(expected, found);
    }

    void pop(TypeSpan span) {
        for (uint32_t i = span.size; i-- > 0;) pop(span[i]);
    }
    void pop(const std::vector<ValType>& span) { pop({span.data(), static_cast<uint32_t>(span.size())}); }

    void pop_reference() {
        const ValType type = pop();
        if (type != ANY && !is_reference(type)) fail(ValType::FuncRef, type);
    }

    // Pops two of one type that is not a reference; returns the type.
    ValType pop_numbers() {
        const ValType b = pop(), a = pop();
        const bool fits = a == b || a == ANY || b == ANY;
        if (!fits || is_reference(a) || is_reference(b)) fail(a, b);
        return a == ANY ? b : a;
    }

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

    // ── immediates: each is read, and checked to name something ──
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

    // Of a block that is in a catch clause.
    void read_catch_label() {
        const uint8_t* const index_at = c.state.pc;
        const uint32_t depth = c.read_u32();
        label(depth, index_at);
        if (!is_catch(kind_at(depth)))
            c.fail_invalid("invalid rethrow label: " + std::to_string(depth) + " is no catch block",
                           index_at);
    }

    const FuncType& read_tag() { return c.module.type_of_tag(linocut::read_tag(c)); }

    const FuncType& read_callee() {
        const uint8_t* const index_at = c.state.pc;
        const uint32_t index = c.read_u32();
        if (index >= c.module.functions.size())
            c.fail_invalid("unknown function " + std::to_string(index), index_at);
        return c.module.type_of_function(index);
    }

    const FuncType& read_type() {
        const uint8_t* const index_at = c.state.pc;
        const uint32_t index = c.read_u32();
        if (index >= c.module.types.size()) c.fail_invalid("unknown type " + std::to_string(index), index_at);
        return c.module.types[index];
    }

    const TableType& read_called_table() {
        const TableType& type = read_table();
        if (!matches(type.element, ValType::FuncRef))
            c.fail_invalid("type mismatch: call_indirect wants a table of funcref", at);
        return type;
    }

    const TableType& read_table() { return c.module.tables[linocut::read_table(c)].type; }
    const MemoryType& read_memory() { return c.module.memories[linocut::read_memory(c)]; }
    const ElemSegment& read_elements() { return c.module.elems[read_elem(c)]; }

    const MemoryType& read_checked_memarg(uint8_t natural) {
        return c.module.memories[linocut::read_checked_memarg(c, natural).memory];
    }
    const MemoryType& read_atomic_memarg(uint8_t natural) {
        return c.module.memories[linocut::read_atomic_memarg(c, natural).memory];
    }

    ValType read_local() {
        const uint8_t* const index_at = c.state.pc;
        const uint32_t index = c.read_u32();
        if (index >= c.local_count) c.fail_invalid("unknown local " + std::to_string(index), index_at);
        return c.type_of_local(index);
    }

    ValType read_global() { return find_global().value; }

    ValType read_mutable_global() {
        const uint8_t* const index_at = c.state.pc;
        const GlobalType& type = find_global();
        if (!type.is_mutable) c.fail_invalid("immutable global", index_at);
        return type.value;
    }

    ValType read_one_type() {
        const uint8_t* const count_at = c.state.pc;
        if (c.read_u32() != 1) c.fail_invalid("invalid result arity: select wants one type", count_at);
        return c.read_value_type();
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

private:
    ControlKind kind_at(uint32_t depth) const {
        if (depth < blocks.size()) return blocks[blocks.size() - 1 - depth].kind;
        return frames[frames.size() - 1 - (depth - (blocks.size() - 1))].kind;
    }

    const GlobalType& find_global() {
        const uint8_t* const index_at = c.state.pc;
        const uint32_t index = c.read_u32();
        if (index >= c.module.globals.size())
            c.fail_invalid("unknown global " + std::to_string(index), index_at);
        return c.module.globals[index].type;
    }
};

using Checker = void (*)(Validator& d, const OpcodeFacts& facts);

// ── rows whose types are in the table ──
void check_plain(Validator& d, const OpcodeFacts& facts) {
    for (int i = facts.param_count; i-- > 0;) d.pop(facts.params[i]);
    if (facts.result != ValType::None) d.push(facts.result);
}

// ── control ──
void push_block(Validator& d, ControlKind kind, const BlockType& type) {
    d.pop(type.params);
    d.blocks.push_back({kind, type, d.types.size(), false});
    d.push(type.params);
}

void open_block(Validator& d, ControlKind kind) {
    const BlockType type = read_block_type(d.c);
    if (kind == ControlKind::If) d.pop(I32);
    push_block(d, kind, type);
}

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
        if (!matches(params, results))
            d.c.fail_invalid("type mismatch: an if without else whose results are not its parameters", d.at);
    }
    d.blocks.pop_back();
    d.push(block.type.results);
}

// The values are popped and put back as they were found: an absent value fits each label's type.
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

// ── exceptions ──
void check_clause(Validator& d, const CatchClause& clause) {
    const std::vector<ValType> values = values_of(clause, d.c.module);
    if (!matches(span(values), d.label(clause.label, clause.label_at)))
        d.c.fail_invalid("type mismatch: a catch clause gives other values than its label takes",
                         clause.label_at);
}

[[maybe_unused]] void check_try_table(Validator& d, const OpcodeFacts&) {
    const BlockType type = read_block_type(d.c);
    const std::vector<CatchClause> clauses = read_catches(d.c);
    for (const CatchClause& clause : clauses) check_clause(d, clause);
    push_block(d, ControlKind::TryTable, type);
}

[[maybe_unused]] void check_try(Validator& d, const OpcodeFacts&) { open_block(d, ControlKind::Try); }

void begin_catch(Validator& d, ControlKind kind) {
    Block& block = d.blocks.back();
    if (block.kind != ControlKind::Try && block.kind != ControlKind::Catch)
        d.c.fail_malformed("a catch without its try", d.at);
    d.check_end();
    block.kind = kind;
    block.is_unreachable = false;
}

[[maybe_unused]] void check_catch(Validator& d, const OpcodeFacts&) {
    const FuncType& tag = d.read_tag();
    begin_catch(d, ControlKind::Catch);
    d.push(tag.params);
}

[[maybe_unused]] void check_catch_all(Validator& d, const OpcodeFacts&) {
    begin_catch(d, ControlKind::CatchAll);
}

[[maybe_unused]] void check_delegate(Validator& d, const OpcodeFacts&) {
    const Block block = d.blocks.back();
    if (block.kind != ControlKind::Try) d.c.fail_malformed("delegate without try", d.at);
    d.check_end();
    const uint8_t* const index_at = d.c.state.pc;
    const uint32_t depth = d.c.read_u32();
    d.blocks.pop_back();
    d.label(depth, index_at);
    d.push(block.type.results);
}

void check_illegal(Validator& d, const OpcodeFacts&) {
    d.c.read_with([&](Reader& reader) -> int { throw unknown_opcode(*d.at, reader, d.c.offset_of(d.at)); });
}

template <uint8_t Prefix>
void check_prefixed(Validator& d, const OpcodeFacts&);

#include "checkers.inc"

template <uint8_t Prefix>
void check_prefixed(Validator& d, const OpcodeFacts&) {
    const uint32_t number = d.c.read_u32();
    const OpcodeFacts* facts = facts_of(Prefix, number);
    if (!facts || !facts->is_supported)
        throw unknown_opcode(Prefix, number, d.c.offset_of(d.at)).in_function(d.c.function);
    NUMBERED_CHECKERS[Prefix - kFirstPrefix][number](d, *facts);
}

struct FactsByByte {
    const OpcodeFacts* facts[256];
    constexpr FactsByByte() : facts() {
        for (const OpcodeFacts*& entry : facts) entry = &OPCODE_FACTS[0];
        for (const OpcodeFacts& row : OPCODE_FACTS) {
            if (!row.is_prefixed()) facts[row.byte()] = &row;
        }
    }
};
constexpr FactsByByte FACTS;

// Checks code up to the else or end of the innermost frame; returns where that is.
const uint8_t* check_block(Validator& d) {
    BodyReader& c = d.c;
    for (;;) {
        if (c.state.pc > c.last) c.fail_malformed("unexpected end", c.last);
        d.at = c.state.pc;
        const uint8_t byte = *d.at;
        if (d.blocks.size() == 1 && ends_part(byte, d.blocks.back().kind)) {
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
    if (*end == kByteElse) c.fail_malformed("else without if", end);
    if (end != c.last) c.fail_malformed("END opcode expected at the end of the function only", end);
}

}  // namespace

const uint8_t* check_dead_code(BodyReader& c, std::span<const Control> frames, size_t values) {
    const uint8_t* pc = c.state.pc;
    // Mostly there is no dead code: whatever the block's results are, an unreachable end has them.
    if (*pc == kByteEnd || (*pc == kByteElse && frames.back().kind == ControlKind::If)) return pc;
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
