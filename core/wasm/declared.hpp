// Which functions may become references: bodies may take ref.func of these only (§3.5), and only they
// need a function reference in an instance.
#pragma once

#include <cstdint>

#include "wasm/module.hpp"

namespace linocut {

// Notes that `function` may become a reference. Called only once the function section is read.
void declare_function(Module& module, uint32_t function);

// Numbers the declared functions, when all are known.
void number_declared_functions(Module& module);

}  // namespace linocut
