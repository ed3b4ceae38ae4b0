#include "bind/timeout.hpp"

#include <cmath>

#include "runtime/thread.hpp"

namespace linocut::bind {

namespace {

constexpr const char* kDoc =
    R"doc(When the call that runs in this thread must be over, by `time.monotonic_ns()`.

None when no call with a `timeout=` runs. A host function that waits can wait no longer than until then, and raise
`Timeout`.

>>> import linocut
>>> limited = linocut.Func(lambda: int(linocut.deadline() is not None), linocut.FuncType([], ["i32"]))
>>> limited(), limited(timeout=60)
(0, 1)
)doc";

nb::object deadline() {
    const Thread* thread = Thread::current_or_null();
    const int64_t moment = thread ? thread->deadline.load(std::memory_order_relaxed) : kNoDeadline;
    return moment == kNoDeadline ? nb::none() : nb::cast(moment);
}

}  // namespace

std::optional<double> timeout_from(nb::handle timeout) {
    if (timeout.is_none()) return {};
    if (PyBool_Check(timeout.ptr()) || !PyNumber_Check(timeout.ptr())) {
        PyErr_Format(PyExc_TypeError, "timeout must be a number of seconds or None, not %R", timeout.ptr());
        rethrow();
    }
    const double seconds = PyFloat_AsDouble(timeout.ptr());
    if (PyErr_Occurred()) rethrow();
    if (seconds < 0 || std::isnan(seconds)) {
        PyErr_Format(PyExc_ValueError, "timeout must be a number of seconds, 0 or more, not %R",
                     timeout.ptr());
        rethrow();
    }
    return seconds;
}

void bind_timeout(nb::module_& module) { module.def("deadline", deadline, kDoc); }

}  // namespace linocut::bind
