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
    state_of(*slab_of(address_of(handle)), *handle) = State::Live;
    live_++;
    return address_of(handle);
}

void ExternRefs::remove(uint64_t reference) noexcept {
    ExternHandle& handle = *reinterpret_cast<ExternHandle*>(reference);
    state_of(*slab_of(reference), handle) = State::Free;
    handle = {nullptr, free_};
    free_ = &handle;
    live_--;
}

void ExternRefs::add_slab() {
    auto slab = std::make_unique<Slab>();
    slabs_.reserve(slabs_.size() + 1);
    for (ExternHandle& handle : slab->handles) {
        handle.next = free_;
        free_ = &handle;
    }
    const auto place = std::upper_bound(slabs_.begin(), slabs_.end(), slab);
    slabs_.insert(place, std::move(slab));
}

void ExternRefs::absorb(ExternRefs& other) noexcept {
    slabs_.insert(slabs_.end(), std::make_move_iterator(other.slabs_.begin()),
                  std::make_move_iterator(other.slabs_.end()));
    std::sort(slabs_.begin(), slabs_.end());
    const auto append = [](ExternHandle*& list, ExternHandle* others) {
        ExternHandle** last = &list;
        while (*last) last = &(*last)->next;
        *last = others;
    };
    append(free_, other.free_);
    append(dead_, other.dead_);
    live_ += other.live_;
    threshold_ = std::max(threshold_, other.threshold_);
    other = {};
}

void ExternRefs::begin_marking() {
    for (const auto& slab : slabs_)
        std::replace(slab->states, std::end(slab->states), State::Marked, State::Live);
}

// The slab that the address may be in, if it is in any.
ExternRefs::Slab* ExternRefs::slab_of(uint64_t word) {
    const auto after =
        std::upper_bound(slabs_.begin(), slabs_.end(), word,
                         [](uint64_t at, const auto& slab) { return at < address_of(slab.get()); });
    return after == slabs_.begin() ? nullptr : std::prev(after)->get();
}

void ExternRefs::mark(uint64_t word) {
    Slab* slab = slab_of(word);
    if (!slab) return;
    const uint64_t offset = word - address_of(slab->handles);
    if (offset >= sizeof slab->handles || offset % sizeof(ExternHandle) != 0) return;
    State& state = slab->states[offset / sizeof(ExternHandle)];
    if (state == State::Live) state = State::Marked;
}

template <typename Is>
void ExternRefs::bury(Is is) {
    for (const auto& slab : slabs_) {
        for (ExternHandle& handle : slab->handles) {
            State& state = state_of(*slab, handle);
            if (!is(state)) continue;
            state = State::Dead;
            handle.next = dead_;
            dead_ = &handle;
            live_--;
        }
    }
}

void ExternRefs::bury_unmarked() {
    bury([](State state) { return state == State::Live; });
}

void ExternRefs::bury_all() {
    bury([](State state) { return state == State::Live || state == State::Marked; });
}

void* ExternRefs::take_dead() {
    if (!dead_) return nullptr;
    ExternHandle& handle = *dead_;
    dead_ = handle.next;
    state_of(*slab_of(address_of(&handle)), handle) = State::Free;
    void* object = handle.object;
    handle = {nullptr, free_};
    free_ = &handle;
    return object;
}

void ExternRefs::raise_threshold() { threshold_ = std::max(kSlabHandles, 2 * live_); }

}  // namespace linocut
