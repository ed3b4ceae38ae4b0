#include "bind/extern.hpp"

#include "bind/func.hpp"
#include "bind/global.hpp"
#include "bind/memory.hpp"
#include "bind/table.hpp"
#include "bind/tag.hpp"

namespace linocut::bind {

namespace {

// One overload for each kind of extern.
struct ToPython {
    nb::handle owner;
    nb::handle name;

    nb::object operator()(std::monostate) const { return nb::none(); }
    nb::object operator()(const LcFuncRef* function) const {
        return checked(make_func(function, owner, name.ptr()));
    }
    nb::object operator()(Memory* memory) const { return nb::cast(handle_of(memory, owner)); }
    nb::object operator()(Table* table) const { return nb::cast(TableHandle{table, nb::borrow(owner)}); }
    nb::object operator()(Global* global) const { return nb::cast(GlobalHandle{global, nb::borrow(owner)}); }
    nb::object operator()(Tag* tag) const { return nb::cast(TagHandle{tag, nb::borrow(owner)}); }
};

}  // namespace

nb::object to_python(const Extern& object, nb::handle owner, nb::handle name) {
    return std::visit(ToPython{owner, name}, object);
}

Extern extern_from(nb::handle object) {
    if (is_func(object)) return func_ref(object);
    if (nb::isinstance<MemoryHandle>(object)) return nb::inst_ptr<MemoryHandle>(object)->target;
    if (nb::isinstance<TableHandle>(object)) return nb::inst_ptr<TableHandle>(object)->target;
    if (nb::isinstance<GlobalHandle>(object)) return nb::inst_ptr<GlobalHandle>(object)->target;
    if (nb::isinstance<TagHandle>(object)) return nb::inst_ptr<TagHandle>(object)->target;
    return {};
}

}  // namespace linocut::bind
