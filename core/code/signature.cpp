#include "code/signature.hpp"

#include <algorithm>

namespace linocut {

namespace {

// Gives out places in order; returns the words that did not fit into registers.
uint32_t assign(const std::vector<ValType>& values, std::vector<uint32_t>& words) {
    Places places;
    words.reserve(values.size());
    for (const ValType value : values) words.push_back(frame_word(places.next(value)));
    return places.buffered_words();
}

bool is_int(ValType type) { return class_of(type) == ValueClass::Int; }

}  // namespace

Signature::Signature(const FuncType& given, uint32_t id) : type(&given), type_id(id) {
    buffer_params = assign(type->params, params);
    buffer_results = assign(type->results, results);
    is_narrow = std::ranges::all_of(type->params, is_int) && std::ranges::all_of(type->results, is_int) &&
                type->results.size() <= 1;
    frame_words = kFrameRegisters + std::max(buffer_params, buffer_results);
}

}  // namespace linocut
