#include "wasm/limits.hpp"

#include <algorithm>
#include <string>

#include "base/errors.hpp"

namespace linocut::limits {

void check(const char* things, uint64_t found, uint64_t limit, size_t offset) {
    if (found <= limit) return;
    throw InvalidError("too many " + std::string(things) + ": " + std::to_string(found) +
                           ", this implementation's limit is " + std::to_string(limit),
                       offset);
}

uint32_t read_count(Reader& reader, const char* things, uint64_t limit, size_t present) {
    const size_t offset = reader.offset();
    const uint32_t count = reader.u32();
    check(things, present + uint64_t{count}, limit, offset);
    return count;
}

size_t credible(uint32_t count, const Reader& reader, size_t bytes_each) {
    return std::min<size_t>(count, reader.remaining() / bytes_each);
}

}  // namespace linocut::limits
