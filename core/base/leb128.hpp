// Reads the values of the binary format (§5.2) from a span and never beyond it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace linocut {

// Every read that fails throws MalformedError with the module offset of the value's first byte.
class Reader {
public:
    // `base`: module offset of the first byte. `whole`: what ends where the bytes end, for messages.
    explicit Reader(std::span<const uint8_t> bytes, size_t base = 0,
                    const char* whole = "section or function")
        : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()), base_(base), whole_(whole) {}

    bool done() const { return at_ == end_; }
    size_t remaining() const { return static_cast<size_t>(end_ - at_); }
    size_t offset() const { return base_ + static_cast<size_t>(at_ - begin_); }

    uint8_t u8() {
        if (done()) [[unlikely]]
            fail_at_end(1);
        return *at_++;
    }
    // Most integers of a module take one byte.
    uint32_t u32() {
        if (!done() && *at_ < 0x80) [[likely]]
            return *at_++;
        return static_cast<uint32_t>(long_unsigned(32));
    }
    uint64_t u64() { return long_unsigned(64); }
    // The next byte, or 0 at the end.
    uint8_t peek() const { return done() ? 0 : *at_; }
    int32_t s32() { return static_cast<int32_t>(long_signed(32)); }
    int64_t s33() { return long_signed(33); }
    int64_t s64() { return long_signed(64); }
    uint32_t f32_bits();
    uint64_t f64_bits();

    std::span<const uint8_t> bytes(size_t count) {
        if (count > remaining()) [[unlikely]]
            fail_at_end(count);
        at_ += count;
        return {at_ - count, count};
    }
    // A length and that many bytes of UTF-8 (§5.2.4).
    std::string_view name();

private:
    uint64_t long_unsigned(unsigned bits);
    int64_t long_signed(unsigned bits);
    [[noreturn]] void fail_at_end(size_t wanted) const;

    const uint8_t* begin_;
    const uint8_t* at_;
    const uint8_t* end_;
    size_t base_;
    const char* whole_;
};

}  // namespace linocut
