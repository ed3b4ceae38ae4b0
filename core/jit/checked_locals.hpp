// Which locals hold an address that has been compared with the memory's size, and are still what they were then.
#pragma once

#include <cstdint>

namespace linocut {

// Memories never shrink: a check is good for all that comes by it, until the local is written. Writes are not
// noted, as every visitor may write a local and few modules have checks; they are looked for in the code between.
class CheckedLocals {
public:
    // Where paths meet, only one of which may have come by the check.
    void forget() { count_ = 0; }
    // The local gets another value, which no code says.
    void forget(uint32_t local);
    // The code at `from` comes next, and not what follows `pc`.
    void go_on(const uint8_t* pc, const uint8_t* from);
    // The local was checked by the opcode that ends at `pc`.
    void add(uint32_t local, const uint8_t* pc);
    // Whether it still is, where `pc` is.
    bool covers(uint32_t local, const uint8_t* pc);

private:
    struct Entry {
        uint32_t local;
        const uint8_t* since;  // no write from the check up to here
    };
    static constexpr uint32_t kMost = 4;

    // If the code up to `pc` did not write its local, the entry is looked at again from `from` on; else it goes.
    bool stays(uint32_t i, const uint8_t* pc, const uint8_t* from);

    Entry entries_[kMost];
    uint32_t count_ = 0;
    uint32_t oldest_ = 0;
};

}  // namespace linocut
