// Address space for linear memories: recycled, and known to the fault handler.
#pragma once

#include <cstddef>
#include <cstdint>

namespace linocut {

// Whether every access is checked in code, because address space is too scarce for guard regions.
// Decided once, at first use; compiled code depends on it.
bool explicit_bounds();

// Behind what is accessible lies at least so much that is not: an access that reaches no further beyond its index
// needs only the index compared with the memory's size.
uint64_t guard_bytes();

// [base, base + size): the first `accessible` bytes can be read and written, and start as zeros.
class Reservation {
public:
    Reservation() = default;
    // Room for `wanted` bytes or as much as there is, but at least for `accessible`; and a guard. All that is not
    // larger gets what a 32-bit index and offset reach, unless space is scarce. Throws OutOfMemory.
    Reservation(uint64_t accessible, uint64_t wanted);
    ~Reservation();
    Reservation(Reservation&& other) noexcept;
    Reservation& operator=(Reservation&& other) noexcept;
    Reservation(const Reservation&) = delete;
    Reservation& operator=(const Reservation&) = delete;

    uint8_t* base() const { return base_; }
    // False when the system refuses.
    bool extend(uint64_t accessible);

private:
    void release();

    uint8_t* base_ = nullptr;
    uint64_t size_ = 0;
    uint64_t accessible_ = 0;
    size_t slot_ = 0;
};

// Whether the address lies in a reservation. Signal-safe.
bool is_linear_memory(uintptr_t address);

}  // namespace linocut
