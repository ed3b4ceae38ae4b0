// Which code a pc belongs to: for frame walks.
#pragma once

#include <cstdint>
#include <memory>

#include "code/code.hpp"

namespace linocut {

// Holds `code` in the registry while it lives.
class CodeRegistration {
public:
    // `owner` keeps the code alive; frames found through the registry hold it.
    CodeRegistration(const Code& code, std::weak_ptr<const void> owner);
    ~CodeRegistration();
    CodeRegistration(const CodeRegistration&) = delete;
    CodeRegistration& operator=(const CodeRegistration&) = delete;

private:
    uintptr_t base_;
};

struct CodePlace {
    const Code* code = nullptr;  // null: the pc is in no registered code
    std::shared_ptr<const void> owner;
    uint32_t offset = 0;   // from the code's base
    uint32_t defined = 0;  // index among the defined functions
    explicit operator bool() const { return code != nullptr; }
};

// Takes a lock, so not for signal handlers. Machine code and its stubs hold no locks: a trap may call it.
CodePlace find_code(uintptr_t pc);

}  // namespace linocut
