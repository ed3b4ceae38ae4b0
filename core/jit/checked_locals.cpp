#include "jit/checked_locals.hpp"

#include "jit/hot.hpp"

namespace linocut {

namespace {

constexpr uint32_t kMostLocal = 0x7F;              // whose index may take one byte
constexpr ptrdiff_t kMostBytes = 512;              // that are looked through
constexpr uint8_t kContinues = 0x80, kLow = 0x7F;  // of a LEB128 byte

// Whether the code may write the local. Opcodes are not told from immediates: what looks like a write counts as one.
bool may_write(uint32_t local, const uint8_t* from, const uint8_t* to) {
    for (const uint8_t* at = from; at < to; at++) {
        if (*at != kByteLocalSet && *at != kByteLocalTee) continue;
        const uint8_t index = at[1];  // there: a body ends in another opcode
        if (index == local || (index & kContinues && (index & kLow) == local)) return true;
    }
    return false;
}

}  // namespace

void CheckedLocals::add(uint32_t local, const uint8_t* pc) {
    if (local > kMostLocal) return;
    const uint32_t place = count_ < kMost ? count_++ : oldest_++ % kMost;
    entries_[place] = {local, pc};
}

bool CheckedLocals::covers(uint32_t local, const uint8_t* pc) {
    for (uint32_t i = 0; i < count_; i++)
        if (entries_[i].local == local) return stays(i, pc, pc);
    return false;
}

void CheckedLocals::go_on(const uint8_t* pc, const uint8_t* from) {
    for (uint32_t i = 0; i < count_;) i += stays(i, pc, from);
}

void CheckedLocals::forget(uint32_t local) {
    for (uint32_t i = count_; i-- > 0;)
        if (entries_[i].local == local) entries_[i] = entries_[--count_];
}

bool CheckedLocals::stays(uint32_t i, const uint8_t* pc, const uint8_t* from) {
    Entry& entry = entries_[i];
    if (pc - entry.since > kMostBytes || may_write(entry.local, entry.since, pc)) {
        entry = entries_[--count_];
        return false;
    }
    entry.since = from;
    return true;
}

}  // namespace linocut
