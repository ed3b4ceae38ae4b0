#include "base/leb128.hpp"

#include <bit>
#include <cstring>
#include <string>

#include "base/errors.hpp"
#include "base/leb128_word.hpp"
#include "base/utf8.hpp"

namespace linocut {
namespace {

static_assert(std::endian::native == std::endian::little, "floats are read as they lie (§5.2.3)");

[[noreturn, gnu::cold]] void fail_too_long(unsigned bits, size_t offset) {
    throw MalformedError("integer representation too long: at most " + std::to_string((bits + 6) / 7) +
                             " bytes for " + std::to_string(bits) + " bits",
                         offset);
}

[[noreturn, gnu::cold]] void fail_too_large(unsigned bits, size_t offset) {
    throw MalformedError("integer too large: it does not fit in " + std::to_string(bits) + " bits", offset);
}

}  // namespace

uint64_t Reader::long_unsigned(unsigned bits) {
    uint64_t value = 0;
    if (read_leb128_quickly(at_, end_, bits, value)) return value;
    const size_t start = offset();
    unsigned shift = 0;
    for (; shift + 7 < bits; shift += 7) {
        const uint64_t byte = u8();
        value |= (byte & 0x7F) << shift;
        if (byte < 0x80) return value;
    }
    // The last byte allowed holds `bits - shift` bits of the value; its others must be zero (§5.2.2).
    const uint64_t last = u8();
    if (last >= 0x80) fail_too_long(bits, start);
    if (last >> (bits - shift) != 0) fail_too_large(bits, start);
    return value | last << shift;
}

int64_t Reader::long_signed(unsigned bits) {
    if (int64_t value; read_leb128_quickly(at_, end_, bits, value)) return value;
    const size_t start = offset();
    uint64_t value = 0;
    unsigned shift = 0;
    for (; shift + 7 < bits; shift += 7) {
        const uint64_t byte = u8();
        value |= (byte & 0x7F) << shift;
        const unsigned above = 64 - (shift + 7);
        if (byte < 0x80) return static_cast<int64_t>(value << above) >> above;
    }
    // Here the other bits must be copies of the sign bit.
    const uint8_t last = u8();
    if (last >= 0x80) fail_too_long(bits, start);
    const int extended = static_cast<int8_t>(last << 1) >> 1;
    const int beyond = extended >> (bits - shift - 1);
    if (beyond != 0 && beyond != -1) fail_too_large(bits, start);
    return static_cast<int64_t>(value | static_cast<uint64_t>(int64_t{extended}) << shift);
}

uint32_t Reader::f32_bits() {
    uint32_t value;
    std::memcpy(&value, bytes(sizeof value).data(), sizeof value);
    return value;
}

uint64_t Reader::f64_bits() {
    uint64_t value;
    std::memcpy(&value, bytes(sizeof value).data(), sizeof value);
    return value;
}

std::string_view Reader::name() {
    const uint32_t length = u32();
    const size_t start = offset();
    const auto text = bytes(length);
    if (!is_utf8(text)) throw MalformedError("malformed UTF-8 encoding of a name", start);
    return {reinterpret_cast<const char*>(text.data()), text.size()};
}

void Reader::fail_at_end(size_t wanted) const {
    throw MalformedError("unexpected end of " + std::string(whole_) + ": expected " + std::to_string(wanted) +
                             (wanted == 1 ? " byte, " : " bytes, ") + std::to_string(remaining()) + " left",
                         offset());
}

}  // namespace linocut
