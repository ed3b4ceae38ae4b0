#include "runtime/extern_refs.hpp"

#include <algorithm>
#include <iterator>

namespace linocut {

namespace {

uintptr_t address_of(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

}  // namespace

uint64_t ExternRefs::add(void* object) {
    if (!free_) add_slab();
    ExternHandle* handle = free_;
    free_ = handle->next;
    *handle = {object, nullptr};
    live_++;
    return address_of(handle);
}

void ExternRefs::add_slab() {
    auto slab = std::make_unique<Slab>();
    for (ExternHandle& handle : slab->handles) {
        handle.next = free_;
        free_ = &handle;
    }
    const auto place = std::upper_bound(slabs_.begin(), slabs_.end(), slab);
    slabs_.insert(place, std::move(slab));
}

void ExternRefs::absorb(ExternRefs& other) {
    slabs_.insert(slabs_.end(), std::make_move_iterator(other.slabs_.begin()),
                  std::make_move_iterator(other.slabs_.end()));
    std::sort(slabs_.begin(), slabs_.end());
    ExternHandle** last = &free_;
    while (*last) last = &(*last)->next;
    *last = other.free_;
    live_ += other.live_;
    threshold_ = std::max(threshold_, other.threshold_);
    other = {};
}

void ExternRefs::begin_marking() {
    for (const auto& slab : slabs_) std::fill(std::begin(slab->marked), std::end(slab->marked), false);
}

void ExternRefs::mark(uint64_t word) {
    const auto after =
        std::upper_bound(slabs_.begin(), slabs_.end(), word,
                         [](uint64_t at, const auto& slab) { return at < address_of(slab.get()); });
    if (after == slabs_.begin()) return;
    Slab& slab = **std::prev(after);
    const uint64_t offset = word - address_of(slab.handles);
    if (offset < sizeof slab.handles && offset % sizeof(ExternHandle) == 0)
        slab.marked[offset / sizeof(ExternHandle)] = true;
}

std::vector<void*> ExternRefs::take_unmarked() {
    std::vector<void*> objects;
    for (const auto& slab : slabs_) {
        for (size_t i = 0; i < kSlabHandles; i++) {
            ExternHandle& handle = slab->handles[i];
            if (!handle.object || slab->marked[i]) continue;
            objects.push_back(handle.object);
            handle = {nullptr, free_};
            free_ = &handle;
        }
    }
    live_ -= objects.size();
    return objects;
}

void ExternRefs::raise_threshold() { threshold_ = std::max(kSlabHandles, 2 * live_); }

std::vector<void*> ExternRefs::take_all() {
    begin_marking();
    return take_unmarked();
}

}  // namespace linocut
