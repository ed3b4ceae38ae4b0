// externref: a reference is the address of a handle that holds one object of the host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace linocut {

struct ExternHandle {
    void* object;        // null: free
    ExternHandle* next;  // of the free list
};

// Handles are never counted; the store sweeps them when their number has doubled.
class ExternRefs {
public:
    // Null once the store has let go of its objects.
    static void* object(uint64_t reference) { return reinterpret_cast<ExternHandle*>(reference)->object; }

    bool full() const { return live_ >= threshold_; }
    // Takes over one reference to the object, which is not null.
    uint64_t add(void* object);
    void absorb(ExternRefs& other);

    // A sweep: mark what may be a handle (any word will do), then take out the objects of the others.
    void begin_marking();
    void mark(uint64_t word);
    std::vector<void*> take_unmarked();
    void raise_threshold();

    std::vector<void*> take_all();
    template <typename Visit>
    void each(Visit visit) const {
        for (const auto& slab : slabs_)
            for (const ExternHandle& handle : slab->handles)
                if (handle.object) visit(handle.object);
    }
    size_t live() const { return live_; }

private:
    static constexpr size_t kSlabHandles = 1024;
    struct Slab {
        ExternHandle handles[kSlabHandles];
        bool marked[kSlabHandles];
    };
    void add_slab();

    std::vector<std::unique_ptr<Slab>> slabs_;  // by ascending address
    ExternHandle* free_ = nullptr;
    size_t live_ = 0;
    size_t threshold_ = kSlabHandles;
};

}  // namespace linocut
