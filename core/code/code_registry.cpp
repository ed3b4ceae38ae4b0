#include "code/code_registry.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "base/fork_lock.hpp"

namespace linocut {

namespace {

struct Entry {
    const Code* code;
    std::weak_ptr<const void> owner;
};

struct Registry {
    ForkLock lock;
    std::map<uintptr_t, Entry> codes;  // by base

    static Registry& get() {
        static Registry* registry = new Registry;
        return *registry;
    }
};

uint32_t function_at(const Code& code, uint32_t offset) {
    const auto after = std::upper_bound(code.functions.begin(), code.functions.end(), offset,
                                        [](uint32_t at, const FunctionCode& f) { return at < f.start; });
    return static_cast<uint32_t>(after - code.functions.begin()) - 1;
}

}  // namespace

CodeRegistration::CodeRegistration(const Code& code, std::weak_ptr<const void> owner)
    : base_(reinterpret_cast<uintptr_t>(code.region.base())) {
    if (!base_) return;
    Registry& registry = Registry::get();
    const std::lock_guard guard(registry.lock);
    registry.codes[base_] = {&code, std::move(owner)};
}

CodeRegistration::~CodeRegistration() {
    if (!base_) return;
    Registry& registry = Registry::get();
    const std::lock_guard guard(registry.lock);
    registry.codes.erase(base_);
}

CodePlace find_code(uintptr_t pc) {
    Registry& registry = Registry::get();
    const std::lock_guard guard(registry.lock);
    auto after = registry.codes.upper_bound(pc);
    if (after == registry.codes.begin()) return {};
    const auto& [base, entry] = *std::prev(after);
    const Code& code = *entry.code;
    if (pc - base >= code.region.size() || code.functions.empty()) return {};
    const auto offset = static_cast<uint32_t>(pc - base);
    if (offset < code.functions.front().start) return {};
    return {&code, entry.owner.lock(), offset, function_at(code, offset)};
}

}  // namespace linocut
