// Executable memory: one reservation for the whole process, so that a signal handler can ask
// "is this pc machine code?" with one comparison. Regions are written, then protected, then run.
#pragma once

#include <cstddef>
#include <cstdint>

namespace linocut {

// A piece of the reservation, page-aligned; gives its pages back when destroyed.
class CodeRegion {
public:
    CodeRegion() = default;
    // Reserves `bytes` of address space, writable; pages cost memory only once touched. When many are
    // expected to be written, they are huge ones: ten times cheaper to touch, but 2 MiB at least.
    // Throws std::bad_alloc when the reservation is full.
    CodeRegion(size_t bytes, size_t expected);
    explicit CodeRegion(size_t bytes) : CodeRegion(bytes, bytes / 16) {}
    ~CodeRegion();
    CodeRegion(CodeRegion&& other) noexcept;
    CodeRegion& operator=(CodeRegion&& other) noexcept;
    CodeRegion(const CodeRegion&) = delete;
    CodeRegion& operator=(const CodeRegion&) = delete;

    uint8_t* base() const { return base_; }
    size_t size() const { return size_; }
    // Gives back what lies beyond the first `bytes`.
    void shrink(size_t bytes);
    // From writable to executable.
    void protect();

private:
    uint8_t* base_ = nullptr;
    size_t size_ = 0;
};

// Signal-safe.
bool is_machine_code(uintptr_t pc);

}  // namespace linocut
