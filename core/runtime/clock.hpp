// The time that deadlines are measured in.
#pragma once

#include <cstdint>
#include <ctime>

namespace linocut {

inline constexpr int64_t kSecond = 1'000'000'000;

// CLOCK_MONOTONIC in nanoseconds.
inline int64_t now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * kSecond + time.tv_nsec;
}

}  // namespace linocut
