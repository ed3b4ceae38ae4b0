#include "wasm/declared.hpp"

namespace linocut {

void declare_function(Module& module, uint32_t function) {
    if (module.declared_position.empty()) module.declared_position.assign(module.functions.size(), -1);
    module.declared_position[function] = 0;
}

void number_declared_functions(Module& module) {
    for (uint32_t function = 0; function < module.declared_position.size(); function++) {
        if (module.declared_position[function] < 0) continue;
        module.declared_position[function] = static_cast<int32_t>(module.declared_functions.size());
        module.declared_functions.push_back(function);
    }
}

}  // namespace linocut
