// Rows with bodies: operands that are constants become immediates, and a result that the next opcode
// branches on is not stored.
#pragma once

#include "interp/row_handlers.hpp"
#include "interp/translator.hpp"

namespace linocut::interp {

void translate_row(Translator& t, const ComputationHandlers& row);
void translate_row(Translator& t, const LoadHandlers& row);
void translate_row(Translator& t, const StoreHandlers& row);

template <typename Row>
void translate_computation(Translator& t) {
    static constexpr ComputationHandlers row = computation_handlers<Row>();
    translate_row(t, row);
}

template <typename Row>
void translate_load(Translator& t) {
    static constexpr LoadHandlers row{{load<Row, false>, load<Row, true>}};
    translate_row(t, row);
}

template <typename Row>
void translate_store(Translator& t) {
    static constexpr StoreHandlers row{{store<Row, false, false>, store<Row, true, false>},
                                       {store<Row, false, true>, store<Row, true, true>}};
    translate_row(t, row);
}

}  // namespace linocut::interp
