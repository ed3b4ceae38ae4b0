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
    // Address space, writable, and not always empty: `least` bytes or more, `most` if it must be cut anew. Pages cost memory only
    // once touched. `expected` is how much will probably be written: if much, pages are huge ones, ten times
    // cheaper to touch, but 2 MiB at least. Throws OutOfMemory when the reservation is full.
    CodeRegion(size_t least, size_t most, size_t expected);
    ~CodeRegion();
    CodeRegion(CodeRegion&& other) noexcept;
    CodeRegion& operator=(CodeRegion&& other) noexcept;
    CodeRegion(const CodeRegion&) = delete;
    CodeRegion& operator=(const CodeRegion&) = delete;

    uint8_t* base() const { return base_; }
    size_t size() const { return size_; }
    // Gives back what lies beyond the first `bytes`; it is clean if nothing was written there. The last page is kept
    // whole.
    void shrink(size_t bytes, bool rest_is_clean);
    // From writable to executable.
    void protect();

private:
    void take(size_t least, size_t most);

    uint8_t* base_ = nullptr;
    size_t size_ = 0;
    size_t warm_ = 0;  // so many bytes at the beginning hold the code of regions that are gone
    bool is_small_ = false;
};

// Signal-safe.
bool is_machine_code(uintptr_t pc);

}  // namespace linocut
