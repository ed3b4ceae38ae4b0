// A module and its code, ready to be instantiated any number of times, in any thread.
#pragma once

#include <memory>

#include "code/code.hpp"
#include "code/code_registry.hpp"
#include "code/interpreted_code.hpp"
#include "code/switches.hpp"
#include "code/type_registry.hpp"
#include "wasm/module.hpp"

namespace linocut {

struct LoadedModule {
    std::shared_ptr<const Module> module;
    TypeIds type_ids;                                    // by type index
    Code code;                                           // of an interpreted module the layout only
    SwitchSet without;                                   // what the code was made without
    std::unique_ptr<const InterpretedCode> interpreted;  // or null: it has machine code
    std::unique_ptr<CodeRegistration> registration;      // last: goes before the code does
};

}  // namespace linocut
