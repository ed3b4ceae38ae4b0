// Rows with bodies: operands that are constants become immediates, and a result that the next opcode
// branches on is not stored.
#pragma once

#include "code/cpu.hpp"
#include "interp/row_handlers.hpp"
#include "interp/translate_other.hpp"
#include "interp/translator.hpp"

namespace linocut::interp {

void translate_row(Translator& t, const ComputationHandlers& row);
void translate_row(Translator& t, const LoadHandlers& row);
void translate_row(Translator& t, const StoreHandlers& row);
void translate_row(Translator& t, const LaneHandlers& row);
void translate_row(Translator& t, const LaneAccessHandlers& row);
// What follows the opcode of an access to memory 0, whose address lies below so many words of operands. The offset of a
// 64-bit memory is added at once, as its sum may have no place in 64 bits: then it is 0.
uint32_t read_offset(Translator& t, uint32_t words_above);

template <typename Row>
void translate_computation(Translator& t) {
    static constexpr ComputationHandlers row = computation_handlers<Row>();
    translate_row(t, row);
}

// A row of which another one has the body in the deterministic profile.
template <typename Row, typename Deterministic>
void translate_chosen(Translator& t) {
    return t.code.is_deterministic ? translate_computation<Deterministic>(t) : translate_computation<Row>(t);
}

// A row of which another one rounds once, as compiled code does on a processor that can.
template <typename Row, typename Better>
void translate_better(Translator& t) {
    const bool is_better = has_better_instructions() && !t.code.is_deterministic;
    return is_better ? translate_computation<Better>(t) : translate_computation<Row>(t);
}

template <typename Row>
void translate_load(Translator& t) {
    static constexpr LoadHandlers row{words_of_type<decltype(Row::apply(nullptr))>,
                                      {load<Row, false>, load<Row, true>}};
    translate_row(t, row);
}

template <typename Row>
void translate_store(Translator& t) {
    static constexpr StoreHandlers row = store_handlers<Row>();
    translate_row(t, row);
}

template <typename Row>
void translate_lane_computation(Translator& t) {
    static constexpr LaneHandlers row = lane_handlers<Row>();
    translate_row(t, row);
}

template <typename Row>
void translate_lane_access(Translator& t) {
    static constexpr LaneAccessHandlers row{access_lane<Row>, Row::is_load};
    translate_row(t, row);
}

// The lanes are a third operand, which is constant.
template <typename Row>
void translate_shuffle(Translator& t) {
    translate_v128_const(t);
    translate_computation<Row>(t);
}

void translate_atomic(Translator& t, Handler handler, unsigned operands, bool has_result);

template <typename Row>
void translate_atomic(Translator& t) {
    translate_atomic(t, access_atomically<Row>, std::tuple_size_v<typename Row::Params>, Row::is_load);
}

}  // namespace linocut::interp
