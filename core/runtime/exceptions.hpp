// Exceptions that have been thrown: a tag and values. exnref is the address of a handle, as externref is.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "runtime/extern_refs.hpp"
#include "runtime/tag.hpp"

namespace linocut {

struct Exception {
    const Tag* tag;  // null: none of WebAssembly's
    Store* store;
    void* object;                // the host's exception that it came of, or null; a reference to it is owned
    Exception* next = nullptr;   // of those whose objects are still to be let go of
    bool is_referenced = false;  // an exnref may refer to it: a sweep finds out
    uint32_t count;              // of words
    std::unique_ptr<uint64_t[]> words;  // of the values, in order

    std::span<const uint64_t> values() const { return {words.get(), count}; }
};

class Exceptions {
public:
    Exceptions() = default;
    Exceptions(const Exceptions&) = delete;
    Exceptions& operator=(const Exceptions&) = delete;
    ~Exceptions();

    static Exception& at(uint64_t reference) {
        return *static_cast<Exception*>(ExternRefs::object(reference));
    }

    bool full() const { return handles_.full(); }
    // Throws std::bad_alloc.
    uint64_t add(std::unique_ptr<Exception> exception);
    // Nothing refers to it any more, and it has no object.
    void remove(uint64_t reference) noexcept;
    void absorb(Exceptions& other, Store& store) noexcept;

    // A sweep: mark what may be a handle, then the others go.
    void begin_marking() { handles_.begin_marking(); }
    ExternRefs& handles() { return handles_; }
    void sweep_unmarked();
    // The object of an exception that has gone, or null when there are no more. One by one: letting go of it may
    // run any code.
    void* take_object();
    // The object of one that has not gone: it stays without, or null when none has one.
    void* take_live_object();
    // All objects, those of exceptions that have gone included.
    template <typename Visit>
    void each_object(Visit visit) const {
        each([&](const Exception& exception) {
            if (exception.object) visit(exception.object);
        });
        for (const Exception* gone = gone_; gone; gone = gone->next) visit(gone->object);
    }
    template <typename Visit>
    void each(Visit visit) const {
        handles_.each([&](void* object) { visit(*static_cast<const Exception*>(object)); });
    }
    size_t live() const { return handles_.live(); }

private:
    void bury(Exception* exception);

    ExternRefs handles_;
    Exception* gone_ = nullptr;  // those that have objects
};

}  // namespace linocut
