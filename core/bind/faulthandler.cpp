#include "bind/faulthandler.hpp"

#include "bind/python.hpp"
#include "runtime/signals.hpp"

namespace linocut::bind {

namespace {

void wrap(nb::module_& faulthandler, const char* name) {
    const nb::object original = faulthandler.attr(name);
    faulthandler.attr(name) = nb::cpp_function(
        [original](const nb::args& args, const nb::kwargs& keywords) {
            const WithoutFaultHandlers aside;
            return original(*args, **keywords);
        },
        nb::name(name));
}

}  // namespace

void watch_faulthandler() {
    nb::module_ faulthandler = nb::module_::import_("faulthandler");
    wrap(faulthandler, "enable");
    wrap(faulthandler, "disable");
}

}  // namespace linocut::bind
