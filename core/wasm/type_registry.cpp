#include "wasm/type_registry.hpp"

#include <mutex>
#include <unordered_map>

#include "base/fork_lock.hpp"

namespace linocut {
namespace {

struct HashType {
    size_t operator()(const FuncType& type) const {
        uint64_t hash = 0xCBF29CE484222325u;  // FNV-1a, a value type at a time
        const auto mix = [&hash](uint64_t word) { hash = (hash ^ word) * 0x100000001B3u; };
        for (ValType param : type.params) mix(static_cast<uint32_t>(param));
        mix(type.params.size());
        for (ValType result : type.results) mix(static_cast<uint32_t>(result));
        return hash ^ hash >> 32;
    }
};

class Registry {
public:
    std::vector<uint32_t> ids(std::span<const FuncType> types) {
        std::vector<uint32_t> ids;
        ids.reserve(types.size());
        const std::lock_guard lock(mutex_);
        for (const FuncType& type : types) ids.push_back(id(type));
        return ids;
    }

    const FuncType& type(uint32_t id) {
        const std::lock_guard lock(mutex_);
        return *types_[id];
    }

private:
    uint32_t id(const FuncType& type) {
        const auto known = ids_.find(type);
        if (known != ids_.end()) return known->second;
        const auto id = static_cast<uint32_t>(types_.size());
        types_.push_back(nullptr);  // first: if memory runs out below, this id is lost and nothing is wrong
        types_.back() = &ids_.emplace(type, id).first->first;
        return id;
    }

    ForkLock mutex_;
    std::unordered_map<FuncType, uint32_t, HashType> ids_;
    std::vector<const FuncType*> types_;  // into the map, whose nodes never move
};

// Never destroyed: instances may outlive static destructors.
Registry& registry() {
    static auto& registry = *new Registry;
    return registry;
}

}  // namespace

uint32_t canonical_id(const FuncType& type) { return registry().ids({&type, 1})[0]; }

std::vector<uint32_t> canonical_ids(std::span<const FuncType> types) { return registry().ids(types); }

const FuncType& canonical_type(uint32_t id) { return registry().type(id); }

}  // namespace linocut
