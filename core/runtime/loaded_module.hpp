// A module and its machine code, ready to be instantiated any number of times, in any thread.
#pragma once

#include <memory>

#include "code/code.hpp"
#include "code/code_registry.hpp"
#include "code/switches.hpp"
#include "wasm/module.hpp"

namespace linocut {

struct LoadedModule {
    std::shared_ptr<const Module> module;
    Code code;
    SwitchSet without;                               // what the code was made without
    std::unique_ptr<CodeRegistration> registration;  // last: goes before the code does
};

}  // namespace linocut
