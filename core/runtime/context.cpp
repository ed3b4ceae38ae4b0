#include "runtime/context.hpp"

#include "code/stubs.hpp"

namespace linocut {

void fill_context(LcContext& context, Store& store, Instance* instance) {
    set_stubs(context);
    context.store = static_cast<StoreHead*>(&store);
    context.instance = instance;
    context.argument_buffer = store.argument_buffer();
}

}  // namespace linocut
