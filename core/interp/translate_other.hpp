// Locals, globals, constants, references, tables, memories.
#pragma once

#include "interp/translator.hpp"

namespace linocut::interp {

void translate_drop(Translator& t);
void translate_select(Translator& t);
void translate_select_t(Translator& t);
void translate_local_get(Translator& t);
void translate_local_set(Translator& t);
void translate_local_tee(Translator& t);
void translate_global_get(Translator& t);
void translate_global_set(Translator& t);
void translate_i32_const(Translator& t);
void translate_i64_const(Translator& t);
void translate_f32_const(Translator& t);
void translate_f64_const(Translator& t);
void translate_v128_const(Translator& t);
void translate_ref_null(Translator& t);
void translate_ref_is_null(Translator& t);
void translate_ref_func(Translator& t);
void translate_table_get(Translator& t);
void translate_table_set(Translator& t);
void translate_table_init(Translator& t);
void translate_elem_drop(Translator& t);
void translate_table_copy(Translator& t);
void translate_table_grow(Translator& t);
void translate_table_size(Translator& t);
void translate_table_fill(Translator& t);
void translate_atomic_fence(Translator& t);
void translate_memory_atomic_notify(Translator& t);
void translate_memory_atomic_wait32(Translator& t);
void translate_memory_atomic_wait64(Translator& t);
void translate_memory_size(Translator& t);
void translate_memory_grow(Translator& t);
void translate_memory_init(Translator& t);
void translate_data_drop(Translator& t);
void translate_memory_copy(Translator& t);
void translate_memory_fill(Translator& t);

}  // namespace linocut::interp
