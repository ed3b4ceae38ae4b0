#include "code/signature.hpp"

#include <algorithm>

namespace linocut {

namespace {

// Gives out places in order; returns the words that did not fit into registers.
uint32_t assign(const std::vector<ValType>& values, std::vector<uint32_t>& places) {
    uint32_t ints = 0, floats = 0, further = 0;
    places.reserve(values.size());
    for (const ValType value : values) {
        const bool vector = value == ValType::V128;
        if (is_float(value) && floats < LC_FLOAT_ARGUMENTS) {
            places.push_back(LC_INT_ARGUMENTS + floats++);
        } else if (!is_float(value) && !vector && ints < LC_INT_ARGUMENTS) {
            places.push_back(ints++);
        } else {
            places.push_back(kFrameRegisters + further);
            further += vector ? 2 : 1;
        }
    }
    return further;
}

}  // namespace

Signature::Signature(const FuncType& given, uint32_t id) : type(&given), type_id(id) {
    buffer_params = assign(type->params, params);
    buffer_results = assign(type->results, results);
    is_narrow = std::none_of(type->params.begin(), type->params.end(), is_float) &&
                std::none_of(type->results.begin(), type->results.end(), is_float) &&
                type->results.size() <= 1;
    frame_words = kFrameRegisters + std::max(buffer_params, buffer_results);
}

}  // namespace linocut
