// class Listing: one function's machine code, for linocut.inspecting.
#pragma once

#include <memory>

#include "bind/code.hpp"
#include "engine/listing.hpp"

namespace linocut::bind {

struct ListingHandle {
    std::shared_ptr<const LoadedModule> loaded;
    Listing listing;
};

// A function index → its number among the defined ones. Throws IndexError.
uint32_t defined_index(const Module& module, uint32_t function);
ListingHandle listing_of(const CodeHandle& self, uint32_t function);
void bind_listing(nb::module_& module);

}  // namespace linocut::bind
