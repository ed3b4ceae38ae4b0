#include "interp/translate_exceptions.hpp"

#include "interp/handlers.hpp"
#include "interp/translate_control.hpp"
#include "wasm/value_class.hpp"

namespace linocut::interp {

namespace {

constexpr uint32_t kAnyTag = HandlerTable::kAnyTag;

Values values_of_tag(const Translator& t, uint32_t tag) {
    return tag == kAnyTag ? Values() : Values(t.module.type_of_tag(tag).params);
}

void emit_throw(Translator& t, const Instruction& instruction) {
    t.note_call();
    t.emit(instruction);
    t.leave_block();
}

// What follows in the innermost block is reached in another way.
void leave_part(Translator& t) {
    Block& block = t.blocks.back();
    if (block.is_left) return;
    if (block.kind == BlockKind::Catch)
        t.bring_values(block);
    else
        t.settle_all();
    t.emit_jump(block, {.handler = jump<false>});
    block.is_left = true;
}

// catch, catch_ref, catch_all, catch_all_ref
CatchClause read_clause(Reader& in) {
    constexpr uint8_t kTakesReference = 1, kTakesAll = 2;
    const uint8_t kind = in.u8();
    CatchClause clause{};
    clause.takes_reference = kind & kTakesReference;
    clause.tag = kind & kTakesAll ? kAnyTag : in.u32();
    clause.label = in.u32();
    return clause;
}

// The values from the argument buffer to where the label has them.
void emit_landing(Translator& t, const CatchClause& clause) {
    Block& block = t.target(clause.label + 1);  // this one is still open
    const uint32_t words = values_of_tag(t, clause.tag).words + clause.takes_reference;
    t.tries.add_clause({clause.tag, clause.takes_reference, t.position()});
    if (words) t.emit({.handler = copy_from_buffer, .result = t.home(block.base), .a = 0, .b = words});
    emit_plain_jump(t, block);
}

// Below the values stands the exception, for rethrow.
void begin_catch(Translator& t, uint32_t tag) {
    leave_part(t);
    Block& block = t.blocks.back();
    block.kind = BlockKind::Catch;
    block.is_left = false;
    t.tries.begin_catch();
    t.tries.add_clause({tag, true, t.position()});
    const Values values = values_of_tag(t, tag);
    t.restart(values, 1);
    t.emit({.handler = copy_from_buffer, .result = t.home(block.base + 1), .a = 0, .b = values.words});
    t.emit({.handler = copy_from_buffer, .result = t.home(block.base), .a = values.words, .b = 1});
}

}  // namespace

// ── throwing: a helper makes the exception ──
void translate_throw(Translator& t) {
    const uint32_t tag = t.in.u32(), words = values_of_tag(t, tag).words;
    t.settle(words);
    if (words) t.emit({.handler = copy_to_buffer, .a = t.home(t.height() - words), .b = words});
    emit_throw(t, {.handler = throw_by_helper<linocut_helper_throw, 0>, .immediate = tag});
}

void translate_throw_ref(Translator& t) {
    emit_throw(t, {.handler = throw_by_helper<linocut_helper_throw_ref, 1>, .a = t.pop()});
}

void translate_rethrow(Translator& t) {
    const uint32_t exception = t.home(t.target(t.in.u32()).base);
    emit_throw(t, {.handler = throw_by_helper<linocut_helper_throw_ref, 1>, .a = exception});
}

// ── tries ──
void translate_try_table(Translator& t) {
    const Arity arity = t.read_block_arity();
    t.settle_all();
    t.open(BlockKind::TryTable, arity);
    t.tries.open(t.blocks.size());
    std::vector<CatchClause>& clauses = t.catches.emplace_back();
    for (uint32_t count = t.in.u32(); count; count--) clauses.push_back(read_clause(t.in));
}

void translate_try(Translator& t) {
    const Arity arity = t.read_block_arity();
    t.settle_all();
    t.open(BlockKind::Try, arity);
    t.tries.open(t.blocks.size());
}

void translate_catch(Translator& t) { begin_catch(t, t.in.u32()); }
void translate_catch_all(Translator& t) { begin_catch(t, kAnyTag); }

void translate_delegate(Translator& t) {
    t.tries.delegate_to(t.blocks.size() - 1 - t.in.u32());
    close_try(t);
}

void close_try(Translator& t) {
    const BlockKind kind = t.blocks.back().kind;
    if (kind == BlockKind::TryTable) {
        leave_part(t);
        for (const CatchClause& clause : t.catches.back()) emit_landing(t, clause);
        t.catches.pop_back();
    } else if (kind == BlockKind::Catch && !t.blocks.back().is_left) {
        t.bring_values(t.blocks.back());
    }
    t.tries.close();
    t.close();
}

}  // namespace linocut::interp
