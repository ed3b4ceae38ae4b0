// externref: a reference is the address of a handle that holds one object of the host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace linocut {

struct ExternHandle {
    void* object;        // null: free
    ExternHandle* next;  // of the list of those that are free, or dead
};

// Handles are never counted; the store sweeps them when their number has doubled.
class ExternRefs {
public:
    // Null once the store has let go of its objects.
    static void* object(uint64_t reference) { return reinterpret_cast<ExternHandle*>(reference)->object; }

    bool full() const { return live_ >= threshold_; }
    // Takes over one reference to the object, which is not null.
    uint64_t add(void* object);
    // Nothing refers to it any more; its object is the caller's.
    void remove(uint64_t reference) noexcept;
    // Makes room for what `other` has, so that absorbing it cannot fail.
    void reserve_for(const ExternRefs& other) { slabs_.reserve(slabs_.size() + other.slabs_.size()); }
    void absorb(ExternRefs& other) noexcept;

    // A sweep: mark what may be a handle (any word will do); then the others are dead.
    void begin_marking();
    void mark(uint64_t word);
    void bury_unmarked();
    void bury_all();
    void raise_threshold();
    // The object of a dead handle, which is free from now on; null when there are no more. One by one, and
    // the list of the dead is linked through the handles: letting go of an object may run any code, even a
    // sweep, and must need no memory.
    void* take_dead();
    template <typename Visit>
    void each(Visit visit) const {
        for (const auto& slab : slabs_)
            for (const ExternHandle& handle : slab->handles)
                if (handle.object) visit(handle.object);
    }
    size_t live() const { return live_; }

private:
    static constexpr size_t kSlabHandles = 1024;
    enum class State : uint8_t { Free, Live, Marked, Dead };
    struct Slab {
        ExternHandle handles[kSlabHandles];
        State states[kSlabHandles];
    };
    void add_slab();
    Slab* slab_of(uint64_t word);
    static State& state_of(Slab& slab, const ExternHandle& handle) {
        return slab.states[&handle - slab.handles];
    }
    template <typename Is>
    void bury(Is is);

    std::vector<std::unique_ptr<Slab>> slabs_;  // by ascending address
    ExternHandle* free_ = nullptr;
    ExternHandle* dead_ = nullptr;
    size_t live_ = 0;
    size_t threshold_ = kSlabHandles;
};

}  // namespace linocut
