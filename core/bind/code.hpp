// class Code: the part of linocut.Module that C++ holds.
#pragma once

#include <memory>

#include "bind/python.hpp"
#include "runtime/loaded_module.hpp"

namespace linocut::bind {

struct CodeHandle {
    std::shared_ptr<const LoadedModule> loaded;
};

void bind_code(nb::module_& module);

}  // namespace linocut::bind
