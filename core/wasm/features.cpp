#include "wasm/features.hpp"

#include <algorithm>
#include <iterator>

namespace linocut {

namespace {

template <typename Rows>
std::optional<Feature> find_byte(const Rows& rows, uint8_t byte) {
    const auto* found =
        std::find_if(std::begin(rows), std::end(rows), [byte](const auto& row) { return row.byte == byte; });
    return found == std::end(rows) ? std::nullopt : std::optional(found->feature);
}

const FeatureFacts& facts_of(Feature feature) { return FEATURE_FACTS[static_cast<size_t>(feature)]; }

std::string titled(Feature feature) {
    return std::string(facts_of(feature).title) + " (feature \"" + facts_of(feature).name + "\")";
}

}  // namespace

bool is_supported(Feature feature) { return facts_of(feature).is_supported; }
std::optional<Feature> feature_of_type(uint8_t byte) { return find_byte(LATER_TYPES, byte); }
std::optional<Feature> feature_of_form(uint8_t byte) { return find_byte(LATER_FORMS, byte); }

ModuleError unsupported(Feature feature, const std::string& what, size_t offset) {
    return ModuleError(Refusal::Unsupported, what + " needs " + titled(feature) + ", not supported yet",
                       offset, std::nullopt, facts_of(feature).name);
}

void require_tags(const std::string& what, size_t offset) {
    if (is_supported(Feature::exception_handling)) return;
    throw unsupported(Feature::exception_handling, what, offset);
}

ModuleError malformed_without(Feature feature, const std::string& message, size_t offset) {
    return ModuleError(Refusal::Malformed, message + ": " + titled(feature) + " are not supported yet",
                       offset, std::nullopt, facts_of(feature).name);
}

}  // namespace linocut
