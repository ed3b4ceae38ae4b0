// Exceptions, of both forms.
#pragma once

#include "interp/translator.hpp"

namespace linocut::interp {

void translate_throw(Translator& t);
void translate_throw_ref(Translator& t);
void translate_try_table(Translator& t);

// The legacy form.
void translate_try(Translator& t);
void translate_catch(Translator& t);
void translate_catch_all(Translator& t);
void translate_delegate(Translator& t);
void translate_rethrow(Translator& t);

// The end of a block that has to do with exceptions.
void close_try(Translator& t);

}  // namespace linocut::interp
