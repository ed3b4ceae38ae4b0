// SipHash-1-3 (Aumasson and Bernstein): a hash whose collisions cannot be chosen without the key. For tables
// keyed by what a module contains.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include <sys/random.h>
#include <unistd.h>

namespace linocut {

struct SipKey {
    uint64_t low = 0, high = 0;

    // From the system's random source; where it has nothing this early, from what else an attacker cannot know.
    static SipKey random() {
        SipKey key;
        if (getrandom(&key, sizeof key, GRND_NONBLOCK) == sizeof key) return key;
        timespec time{};
        clock_gettime(CLOCK_MONOTONIC, &time);
        return {static_cast<uint64_t>(time.tv_nsec) << 32 ^ static_cast<uint64_t>(getpid()),
                reinterpret_cast<uintptr_t>(&key)};  // where the stack is
    }
};

// Takes the input in words of eight bytes, the way the reference takes bytes in little-endian order.
class SipHash {
public:
    explicit SipHash(const SipKey& key)
        : v0_(key.low ^ 0x736F6D6570736575u),
          v1_(key.high ^ 0x646F72616E646F6Du),
          v2_(key.low ^ 0x6C7967656E657261u),
          v3_(key.high ^ 0x7465646279746573u) {}

    void add(uint64_t word) {
        v3_ ^= word;
        round();
        v0_ ^= word;
        bytes_ += 8;
    }

    uint64_t finish() {
        add(bytes_ << 56);  // no byte is left over, and this word holds the length
        v2_ ^= 0xFF;
        for (int i = 0; i < 3; i++) round();
        return v0_ ^ v1_ ^ v2_ ^ v3_;
    }

private:
    void round() {
        v0_ += v1_;
        v1_ = std::rotl(v1_, 13) ^ v0_;
        v0_ = std::rotl(v0_, 32);
        v2_ += v3_;
        v3_ = std::rotl(v3_, 16) ^ v2_;
        v0_ += v3_;
        v3_ = std::rotl(v3_, 21) ^ v0_;
        v2_ += v1_;
        v1_ = std::rotl(v1_, 17) ^ v2_;
        v2_ = std::rotl(v2_, 32);
    }

    uint64_t v0_, v1_, v2_, v3_;
    uint64_t bytes_ = 0;
};

}  // namespace linocut
