// class Table.
#pragma once

#include "bind/python.hpp"
#include "runtime/table.hpp"

namespace linocut::bind {

struct TableHandle {
    Table* target;
    nb::object owner;  // of the store that it belongs to
};

void bind_table(nb::module_& module);

}  // namespace linocut::bind
