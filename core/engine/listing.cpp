#include "engine/listing.hpp"

#include <algorithm>

#include "engine/options.hpp"

namespace linocut {

Listing listing(const LoadedModule& loaded, uint32_t defined) {
    const std::vector<Position> positions =
        record_positions(*loaded.module, loaded.code, defined, compile_options(1, loaded.without));
    const FunctionCode& function = loaded.code.functions[defined];
    const FuncBody& body = loaded.module->bodies[defined];
    const uint32_t first = std::min(function.entry, function.body);
    Listing listing{{loaded.code.region.base() + first, function.end - first},
                    first,
                    function.entry,
                    function.body,
                    body.offset,
                    body.size,
                    function.frame_bytes,
                    function.saved,
                    {}};
    for (const Position& at : positions) {
        // An inlined body is code of its call, which has a position before it.
        const bool goes_on = at.call_offset && listing.origins.back().module_offset == at.call_offset;
        if (!goes_on)
            listing.origins.push_back({at.code_offset, at.call_offset ? at.call_offset : at.module_offset});
    }
    return listing;
}

uint32_t code_bytes(const LoadedModule& loaded, uint32_t defined) {
    if (loaded.interpreted) return loaded.interpreted->functions[defined].code.size() * sizeof(Instruction);
    const FunctionCode& function = loaded.code.functions[defined];
    return function.end - std::min(function.entry, function.body);
}

int64_t function_at(const LoadedModule& loaded, uint32_t code_offset) {
    const auto& functions = loaded.code.functions;
    // Entries ascend: each function's lies within its own code.
    const auto found =
        std::lower_bound(functions.begin(), functions.end(), code_offset,
                         [](const FunctionCode& function, uint32_t at) { return function.entry < at; });
    return found != functions.end() && found->entry == code_offset ? found - functions.begin() : -1;
}

}  // namespace linocut
