#include "wasm/opcode.hpp"

#include <algorithm>
#include <iterator>

namespace linocut {

const OpcodeFacts* facts_of(uint16_t code) {
    const auto* end = std::end(OPCODE_FACTS);
    const auto* found = std::lower_bound(
        std::begin(OPCODE_FACTS), end, code,
        [](const OpcodeFacts& facts, uint16_t c) { return static_cast<uint16_t>(facts.code) < c; });
    return found != end && static_cast<uint16_t>(found->code) == code ? found : nullptr;
}

}  // namespace linocut
