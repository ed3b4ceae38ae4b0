// Import matching (§4.5.3).
#pragma once

#include <span>

#include "runtime/instance.hpp"

namespace linocut {

// Throws LinkError for the first import that is missing or of another type.
void check_imports(const LoadedModule& loaded, std::span<const Extern> imports);

}  // namespace linocut
