// Blocks, branches, calls.
#pragma once

#include "interp/translator.hpp"

namespace linocut::interp {

void translate_unreachable(Translator& t);
void translate_nop(Translator& t);
void translate_block(Translator& t);
void translate_loop(Translator& t);
void translate_if(Translator& t);
void translate_else(Translator& t);
void translate_end(Translator& t);
void translate_br(Translator& t);
void translate_br_if(Translator& t);
void translate_br_table(Translator& t);
void translate_return(Translator& t);
void translate_call(Translator& t);
void translate_call_indirect(Translator& t);

// An unconditional jump to the block's label.
void emit_plain_jump(Translator& t, Block& block);

// The `if` has been read but for its type; `jump` is taken unless its condition holds.
void open_if(Translator& t, const Instruction& jump);

}  // namespace linocut::interp
