#include "interp/translate_other.hpp"

#include "interp/handlers.hpp"
#include "interp/translate_rows.hpp"
#include "wasm/value_class.hpp"

namespace linocut::interp {

namespace {

uint64_t pack(uint32_t low, uint32_t high) { return low | uint64_t{high} << 32; }

// A result that is read from somewhere in the context.
void emit_get(Translator& t, Handler handler, uint32_t offset, uint32_t words = 1) {
    t.emit({.handler = handler, .result = t.destination(words), .b = offset});
}

struct GlobalHandlers {
    Handler get, get_behind, set, set_behind;
};

const GlobalHandlers& handlers_of_global(ValType type) {
    static constexpr GlobalHandlers kHalf{get_half, get_half_behind, set_word, set_word_behind},
        kWord{get_word, get_word_behind, set_word, set_word_behind},
        kTwo{get_two, get_two_behind, set_two, set_two_behind};
    if (width_of(type) < kWordBytes) return kHalf;
    return words_of(type) == 1 ? kWord : kTwo;
}

template <Helper Function, unsigned Operands, bool HasResult>
void emit_helper(Translator& t, uint64_t immediate) {
    t.settle(Operands);
    t.drop(Operands);
    const uint32_t first = t.home(t.height());
    t.push_home(HasResult);
    t.emit({.handler = run_helper<Function, Operands, HasResult>, .a = first, .immediate = immediate});
}

}  // namespace

void translate_drop(Translator& t) { t.drop(t.words_of_top()); }

void translate_select(Translator& t) {
    Instruction instruction{};
    instruction.c = t.pop();
    const uint32_t words = t.words_of_top();
    instruction.handler = words == 1 ? select : select_two;
    instruction.b = t.pop();
    instruction.a = t.pop();
    instruction.result = t.destination(words);
    t.emit(instruction);
}

void translate_select_t(Translator& t) {
    for (uint32_t types = t.in.u32(); types; types--) t.in.u8();
    translate_select(t);
}

// ── locals, globals, constants ──
void translate_local_get(Translator& t) { t.get_local(t.in.u32()); }
void translate_local_set(Translator& t) { t.set_local(t.in.u32(), false); }
void translate_local_tee(Translator& t) { t.set_local(t.in.u32(), true); }

// An imported global's cell is elsewhere. Of a narrow one only the lower half counts.
void translate_global_get(Translator& t) {
    const uint32_t index = t.in.u32();
    const ValType type = t.module.globals[index].type.value;
    const GlobalHandlers& handlers = handlers_of_global(type);
    const bool is_own = index >= t.module.imported_globals;
    emit_get(t, is_own ? handlers.get : handlers.get_behind, t.layout.globals[index], words_of(type));
}

void translate_global_set(Translator& t) {
    const uint32_t index = t.in.u32();
    const GlobalHandlers& handlers = handlers_of_global(t.module.globals[index].type.value);
    const bool is_own = index >= t.module.imported_globals;
    t.emit(
        {.handler = is_own ? handlers.set : handlers.set_behind, .a = t.pop(), .b = t.layout.globals[index]});
}

void translate_i32_const(Translator& t) { t.push_constant(static_cast<uint32_t>(t.in.s32())); }
void translate_i64_const(Translator& t) { t.push_constant(static_cast<uint64_t>(t.in.s64())); }
void translate_f32_const(Translator& t) { t.push_constant(t.in.f32_bits()); }
void translate_f64_const(Translator& t) { t.push_constant(t.in.f64_bits()); }

void translate_v128_const(Translator& t) {
    const uint64_t low = t.in.f64_bits(), high = t.in.f64_bits();
    t.push_constant(low, high);
}

// ── references: one word each, null = 0 ──
void translate_ref_null(Translator& t) {
    t.in.u8();  // the heap type
    t.push_constant(0);
}

void translate_ref_is_null(Translator& t) { translate_computation<rows::i64_eqz>(t); }

void translate_ref_func(Translator& t) {
    const uint32_t index = t.in.u32();
    if (index < t.module.imported_functions)
        emit_get(t, get_word, t.layout.import_func(index));
    else
        emit_get(t, get_address, t.layout.func_ref(t.module.declared_position[index]));
}

// ── tables ──
void translate_table_get(Translator& t) { emit_helper<linocut_helper_table_get, 1, true>(t, t.in.u32()); }
void translate_table_set(Translator& t) { emit_helper<linocut_helper_table_set, 2, false>(t, t.in.u32()); }
void translate_table_grow(Translator& t) { emit_helper<linocut_helper_table_grow, 2, true>(t, t.in.u32()); }
void translate_table_fill(Translator& t) { emit_helper<linocut_helper_table_fill, 3, false>(t, t.in.u32()); }
void translate_elem_drop(Translator& t) { emit_helper<linocut_helper_elem_drop, 0, false>(t, t.in.u32()); }
void translate_table_size(Translator& t) { emit_get(t, get_table_size, t.layout.table(t.in.u32())); }

void translate_table_init(Translator& t) {
    const uint32_t elem = t.in.u32(), table = t.in.u32();
    emit_helper<linocut_helper_table_init, 3, false>(t, pack(elem, table));
}

void translate_table_copy(Translator& t) {
    const uint32_t to = t.in.u32(), from = t.in.u32();
    emit_helper<linocut_helper_table_copy, 3, false>(t, pack(to, from));
}

// ── memories ──
void translate_memory_size(Translator& t) {
    t.in.u32();
    emit_get(t, get_memory_size, 0);
}

void translate_memory_grow(Translator& t) { emit_helper<linocut_helper_memory_grow, 1, true>(t, t.in.u32()); }
void translate_memory_fill(Translator& t) {
    emit_helper<linocut_helper_memory_fill, 3, false>(t, t.in.u32());
}
void translate_data_drop(Translator& t) { emit_helper<linocut_helper_data_drop, 0, false>(t, t.in.u32()); }

// ── atomic, but no row with a body ──
void translate_atomic_fence(Translator& t) {
    t.in.u8();  // the order
    t.emit({.handler = fence});
}

void translate_memory_atomic_notify(Translator& t) {
    emit_helper<linocut_helper_atomic_notify, 2, true>(t, read_offset(t, 1));
}
void translate_memory_atomic_wait32(Translator& t) {
    emit_helper<linocut_helper_atomic_wait32, 3, true>(t, read_offset(t, 2));
}
void translate_memory_atomic_wait64(Translator& t) {
    emit_helper<linocut_helper_atomic_wait64, 3, true>(t, read_offset(t, 2));
}

void translate_memory_init(Translator& t) {
    const uint32_t data = t.in.u32(), memory = t.in.u32();
    emit_helper<linocut_helper_memory_init, 3, false>(t, pack(data, memory));
}

void translate_memory_copy(Translator& t) {
    const uint32_t to = t.in.u32(), from = t.in.u32();
    emit_helper<linocut_helper_memory_copy, 3, false>(t, pack(to, from));
}

}  // namespace linocut::interp
