// Memory, address space or mappings ran out: says which, how much was asked for, and what holds the rest.
#pragma once

#include <cstdarg>
#include <cstdio>
#include <new>

namespace linocut {

// Allocates nothing: there may be nothing left.
class OutOfMemory : public std::bad_alloc {
public:
    [[gnu::format(printf, 2, 3)]] explicit OutOfMemory(const char* format, ...) noexcept {
        va_list values;
        va_start(values, format);
        vsnprintf(message_, sizeof message_, format, values);
        va_end(values);
    }
    const char* what() const noexcept override { return message_; }

private:
    char message_[240];
};

}  // namespace linocut
