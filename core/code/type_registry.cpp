#include "code/type_registry.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <utility>

#include "base/fork_lock.hpp"
#include "base/sip_hash.hpp"

namespace linocut {

namespace {

constexpr uint32_t kNone = UINT32_MAX;
constexpr size_t kFirstBuckets = 64;

// Types that nobody holds wait here for the next module: a program's modules have most of their types in
// common, and making a type takes as long as finding ten.
constexpr size_t kIdle = 256;
constexpr size_t kLargestIdle = 32;  // values

struct Entry {
    FuncType type;
    uint64_t hash;
    uint32_t next;  // the id of the next one in the bucket
    uint64_t uses = 0;
    bool may_be_idle = false;                              // is in the list of such
    std::unique_ptr<const Signature> signature = nullptr;  // once somebody asked for it
};

// Two value types to a word; the number of parameters says where results begin.
uint64_t hash_of(const FuncType& type, const SipKey& key) {
    SipHash hash(key);
    hash.add(type.params.size());
    for (const auto* types : {&type.params, &type.results}) {
        size_t i = 0;
        for (; i + 2 <= types->size(); i += 2)
            hash.add(static_cast<uint64_t>((*types)[i]) | static_cast<uint64_t>((*types)[i + 1]) << 32);
        if (i < types->size()) hash.add(static_cast<uint64_t>((*types)[i]));
    }
    return hash.finish();
}

// A table of chains. The hash has a key that is the process's own, so that nobody can choose types that
// collide; there are as many buckets as types, so that chains are short.
class Registry {
public:
    static Registry& get() {
        // Never destroyed: instances may outlive static destructors.
        static Registry& registry = *new Registry;
        return registry;
    }

    // Writes one id for each type; `taken` counts them even if memory runs out on the way.
    void take(std::span<const FuncType> types, std::vector<uint32_t>& taken) {
        const std::lock_guard lock(mutex_);
        for (const FuncType& type : types) {
            const uint64_t hash = hash_of(type, key_);
            uint32_t id = find(type, hash);
            if (id == kNone) id = add(type, hash);
            entries_[id]->uses++;
            taken.push_back(id);
        }
    }

    void give_back(std::span<const uint32_t> ids) noexcept {
        const std::lock_guard lock(mutex_);
        for (const uint32_t id : ids)
            if (--entries_[id]->uses == 0) let_go(id);
    }

    const Signature& signature(uint32_t id) {
        const std::lock_guard lock(mutex_);
        Entry& entry = *entries_[id];
        if (!entry.signature) entry.signature = std::make_unique<const Signature>(entry.type, id);
        return *entry.signature;
    }

    TypeCount count() {
        const std::lock_guard lock(mutex_);
        size_t longest = 0;
        for (uint32_t id : buckets_) {
            size_t length = 0;
            for (; id != kNone; id = entries_[id]->next) length++;
            longest = std::max(longest, length);
        }
        return {entries_.size() - free_ids_.size(), longest};
    }

private:
    Registry() : buckets_(kFirstBuckets, kNone) { idle_.fill(kNone); }

    uint32_t& bucket(uint64_t hash) { return buckets_[hash & (buckets_.size() - 1)]; }

    uint32_t find(const FuncType& type, uint64_t hash) {
        uint32_t id = bucket(hash);
        while (id != kNone && !(entries_[id]->hash == hash && entries_[id]->type == type))
            id = entries_[id]->next;
        return id;
    }

    // All memory first, so that nothing is half done when it runs out; also what remove() will need.
    uint32_t add(const FuncType& type, uint64_t hash) {
        auto entry = std::make_unique<Entry>(Entry{type, hash, kNone});
        if (free_ids_.empty()) {
            if (entries_.size() == buckets_.size()) widen();
            if (free_ids_.capacity() <= entries_.size()) free_ids_.reserve(2 * entries_.size() + 1);
            entries_.emplace_back();
            free_ids_.push_back(static_cast<uint32_t>(entries_.size() - 1));
        }
        const uint32_t id = free_ids_.back();
        free_ids_.pop_back();
        entries_[id] = std::move(entry);
        put_first(id);
        return id;
    }

    void put_first(uint32_t id) {
        uint32_t& first = bucket(entries_[id]->hash);
        entries_[id]->next = std::exchange(first, id);
    }

    void widen() {
        std::vector<uint32_t> wider(2 * buckets_.size(), kNone);
        buckets_.swap(wider);
        for (uint32_t id = 0; id < entries_.size(); id++) put_first(id);  // none is free now
    }

    void let_go(uint32_t id) {
        Entry& entry = *entries_[id];
        if (entry.may_be_idle) return;
        if (entry.type.params.size() + entry.type.results.size() > kLargestIdle) return remove(id);
        entry.may_be_idle = true;
        const uint32_t oldest = std::exchange(idle_[next_idle_++ % kIdle], id);
        if (oldest == kNone) return;
        entries_[oldest]->may_be_idle = false;
        if (entries_[oldest]->uses == 0) remove(oldest);
    }

    void remove(uint32_t id) {
        uint32_t* at = &bucket(entries_[id]->hash);
        while (*at != id) at = &entries_[*at]->next;
        *at = entries_[id]->next;
        entries_[id].reset();
        free_ids_.push_back(id);
    }

    const SipKey key_ = SipKey::random();
    ForkLock mutex_;
    std::vector<std::unique_ptr<Entry>> entries_;  // by id; null: the id is free
    std::vector<uint32_t> free_ids_;               // has room for all of them
    std::vector<uint32_t> buckets_;                // a power of two: the id of the first one in each
    std::array<uint32_t, kIdle> idle_;             // the last ones that were let go of, some held again
    size_t next_idle_ = 0;
};

}  // namespace

// The default constructor has completed the object, so its destructor runs if memory runs out here.
TypeIds::TypeIds(std::span<const FuncType> types) : TypeIds() {
    ids_.reserve(types.size());
    if (!types.empty()) Registry::get().take(types, ids_);
}

TypeIds::~TypeIds() {
    if (!ids_.empty()) Registry::get().give_back(ids_);
}

TypeIds& TypeIds::operator=(TypeIds&& other) noexcept {
    ids_.swap(other.ids_);
    return *this;
}

const Signature& signature_of(uint32_t id) { return Registry::get().signature(id); }

TypeCount count_types() { return Registry::get().count(); }

}  // namespace linocut
