// timeout=, and the moment that it leads to.
#pragma once

#include <optional>

#include "bind/python.hpp"

namespace linocut::bind {

// The seconds that `timeout` means; nothing for None. Raises TypeError for what is not a number, ValueError
// for a number that is not a duration.
std::optional<double> timeout_from(nb::handle timeout);

void bind_timeout(nb::module_& module);

}  // namespace linocut::bind
