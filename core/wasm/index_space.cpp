#include "wasm/index_space.hpp"

#include <string>

#include "base/errors.hpp"

namespace linocut {

void fail_unknown(const char* thing, uint32_t index, size_t count, size_t offset) {
    const std::string there = count == 0   ? "none"
                              : count == 1 ? "only 0"
                                           : "0 to " + std::to_string(count - 1);
    throw InvalidError("unknown " + std::string(thing) + " " + std::to_string(index) + ": there is " + there,
                       offset);
}

}  // namespace linocut
