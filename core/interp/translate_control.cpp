#include "interp/translate_control.hpp"

#include "interp/handlers.hpp"
#include "interp/translate_exceptions.hpp"
#include "wasm/value_class.hpp"

namespace linocut::interp {

namespace {

bool is_loop(const Block& block) { return block.kind == BlockKind::Loop; }

}  // namespace

void emit_plain_jump(Translator& t, Block& block) {
    t.emit_jump(block, {.handler = is_loop(block) ? jump<true> : jump<false>});
}

namespace {

// Branches to a label whose values are not where it wants them: an unconditional jump, and one over it. The
// values go home before both, since a jump over the code that brings them home would leave them elsewhere.
void jump_over(Translator& t, uint32_t condition, Block& block) {
    t.settle(block.label_arity());
    const uint32_t over = t.position();
    t.emit({.handler = jump_if<true, false>, .a = condition});
    t.bring_values(block);
    emit_plain_jump(t, block);
    t.bind(over);
}

void leave_function_with(Translator& t, uint32_t results) {
    if (results == 1) return t.emit({.handler = leave_with_one, .a = t.pop()});
    t.settle(results);
    t.emit({.handler = leave_function, .a = t.home(t.height() - results), .b = results});
}

// A jump to code that brings values to where the label wants them, which the table's jump cannot.
struct Detour {
    uint32_t jump;
    uint32_t depth;
};

}  // namespace

void translate_unreachable(Translator& t) {
    t.emit({.handler = trap_unreachable});
    t.leave_block();
}

void translate_nop(Translator&) {}

// ── blocks ──
void translate_block(Translator& t) {
    const Arity arity = t.read_block_arity();
    t.settle_all();
    t.open(BlockKind::Block, arity);
}

void translate_loop(Translator& t) {
    const Arity arity = t.read_block_arity();
    t.settle_all();
    t.open(BlockKind::Loop, arity);
}

void translate_if(Translator& t) { open_if(t, {.handler = jump_if<true, false>, .a = t.pop()}); }

void open_if(Translator& t, const Instruction& jump) {
    const Arity arity = t.read_block_arity();
    t.settle_all();
    t.emit(jump);
    t.open(BlockKind::If, arity);
    t.blocks.back().else_jump = t.position();
}

void translate_else(Translator& t) { t.begin_else(); }

void translate_end(Translator& t) {
    if (t.blocks.back().kind >= BlockKind::TryTable) return close_try(t);
    if (t.blocks.size() > 1) return t.close();
    const Block function = t.blocks.back();
    const uint32_t results = function.arity.results.words;
    const bool is_reached_once = !function.newest_jump && !function.is_left;
    if (!is_reached_once || results != 1)
        t.close();
    else
        t.blocks.pop_back();
    leave_function_with(t, results);
}

// ── branches ──
void translate_br(Translator& t) {
    Block& block = t.target(t.in.u32());
    t.bring_values(block);
    emit_plain_jump(t, block);
    t.leave_block();
}

void translate_br_if(Translator& t) {
    const uint32_t condition = t.pop();
    Block& block = t.target(t.in.u32());
    const uint32_t values = block.label_arity();
    if (values && t.height() - values != block.base) return jump_over(t, condition, block);
    t.settle(values);
    t.emit_jump(block,
                {.handler = is_loop(block) ? jump_if<false, true> : jump_if<false, false>, .a = condition});
}

void translate_br_table(Translator& t) {
    const uint32_t index = t.pop(), count = t.in.u32();
    std::vector<uint32_t> depths;
    for (uint32_t i = 0; i <= count; i++) depths.push_back(t.in.u32());
    const uint32_t values = t.target(depths.back()).label_arity();
    t.settle(values);
    t.emit({.handler = jump_table, .a = index, .b = count});
    std::vector<Detour> detours;
    for (const uint32_t depth : depths) {
        Block& block = t.target(depth);
        if (values == 0 || t.height() - values == block.base) {
            emit_plain_jump(t, block);
        } else {
            detours.push_back({t.position(), depth});
            t.emit({.handler = jump<false>});
        }
    }
    for (const Detour& detour : detours) {
        t.bind(detour.jump);
        t.bring_values(t.target(detour.depth));
        emit_plain_jump(t, t.target(detour.depth));
    }
    t.leave_block();
}

void translate_return(Translator& t) {
    leave_function_with(t, t.blocks.front().arity.results.words);
    t.leave_block();
}

// ── calls ──
namespace {

// The arguments become results; returns the slot of the first.
uint32_t exchange_values(Translator& t, const FuncType& type) {
    const uint32_t params = words_of(type.params);
    t.settle(params);
    t.drop(params);
    const uint32_t first = t.home(t.height());
    t.push_homes(Values(type.results));
    return first;
}

}  // namespace

void translate_call(Translator& t) {
    const uint32_t index = t.in.u32(), imported = t.module.imported_functions;
    const uint32_t type = t.module.functions[index];
    const uint32_t first = exchange_values(t, t.module.types[type]);
    t.note_call();
    if (index < imported) {
        t.emit({.handler = call_import, .a = first, .b = t.layout.import_func(index), .c = type});
    } else {
        t.emit({.handler = call_function, .a = first, .function = &t.code.functions[index - imported]});
    }
}

void translate_call_indirect(Translator& t) {
    const uint32_t type = t.in.u32(), table = t.in.u32();
    const uint32_t index = t.pop();
    const uint32_t first = exchange_values(t, t.module.types[type]);
    t.note_call();
    t.emit({.handler = call_indirect, .result = index, .a = first, .b = t.layout.table(table), .c = type});
}

}  // namespace linocut::interp
