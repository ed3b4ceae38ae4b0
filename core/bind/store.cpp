#include "bind/store.hpp"

#include "bind/integers.hpp"
#include "bind/raise.hpp"

namespace linocut::bind {

namespace {

constexpr const char* kDoc = R"doc(Owner of instances and of what they share.

Instances that are linked together live in one store, and live as long as anything of it is held: an
instance of a store that lives on is not freed when the last reference to it goes, for its functions may be
in a table. For many short lives take a new store each, as `instantiate` does without `store=`. One thread
at a time runs in a store; different stores run in parallel.

`limits` is what its instances may take (`Limits`); by default 1 GiB for each memory.

>>> import linocut
>>> store = linocut.Store()
>>> module = linocut.load("(module)")
>>> module.instantiate(store=store).store is store
True
)doc";

constexpr const char* kInterruptDoc = R"doc(End the call that runs in this store, from any thread.

It raises `Interrupted` in the thread that made it, within some milliseconds; of calls on top of each other the
innermost one. A host function that is running is not interrupted: the call ends once it returns. True if there
was a call, False if there was none, and then nothing happens, to no later call either.

>>> import linocut, threading
>>> spin = linocut.load('(module (func (export "spin") (loop br 0)))').instantiate().exports.spin
>>> threading.Timer(0.05, spin.store.interrupt).start()
>>> spin()
Traceback (most recent call last):
    ...
linocut.Interrupted: the call was interrupted
>>> spin.store.interrupt()
False
)doc";

bool interrupt(nb::handle self) { return store_of(self).interrupt(); }

struct Visit {
    visitproc call;
    void* argument;
    int result;
};

void visit_object(void* object, void* argument) {
    Visit& visit = *static_cast<Visit*>(argument);
    if (!visit.result) visit.result = visit.call(static_cast<PyObject*>(object), visit.argument);
}

int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    if (!nb::inst_ready(self)) return 0;
    const StoreOwner& owner = *nb::inst_ptr<StoreOwner>(self);
    Py_VISIT(owner.absorbed_by.ptr());
    Py_VISIT(owner.limits.ptr());
    Visit objects{visit, arg, 0};
    owner.store->visit_objects(visit_object, &objects);
    return objects.result;
}

int clear(PyObject* self) {
    if (nb::inst_ready(self)) nb::inst_ptr<StoreOwner>(self)->store->clear_objects();
    return 0;
}

PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                       {Py_tp_clear, reinterpret_cast<void*>(clear)},
                       {0, nullptr}};

// One of its attributes.
uint64_t limit_from(nb::handle limits, const char* name) {
    const nb::object value = nb::getattr(limits, name);
    if (value.is_none()) return StoreLimits::kNone;
    const Integer limit = integer_from(value, name);
    return limit.fits ? limit.value : StoreLimits::kNone;
}

nb::object class_of_limits() { return nb::module_::import_("linocut.limits").attr("Limits"); }

StoreLimits limits_from(nb::handle given) {
    if (given.is_none()) return {};
    if (!nb::isinstance(given, class_of_limits())) {
        PyErr_Format(PyExc_TypeError, "limits must be Limits, not %R", given.ptr());
        rethrow();
    }
    return {.memory = limit_from(given, "memory"),
            .table = limit_from(given, "table_elements"),
            .instances = limit_from(given, "instances"),
            .stack = limit_from(given, "stack")};
}

void construct(nb::pointer_and_handle<StoreOwner> self, nb::handle limits) {
    new (self.p) StoreOwner(limits_from(limits));
    self.p->limits = nb::borrow(limits);
    self.p->store->user = self.h.ptr();
}

nb::object limits(nb::handle self) {
    const nb::object& given = nb::inst_ptr<StoreOwner>(owner_of(store_of(self)))->limits;
    return given.is_none() ? class_of_limits()() : given;
}

}  // namespace

nb::object new_store() { return nb::type<StoreOwner>()(nb::none()); }

nb::object store_or_new(nb::handle given) {
    if (given.is_none()) return new_store();
    if (!nb::isinstance<StoreOwner>(given)) {
        PyErr_Format(PyExc_TypeError, "store must be a Store, not %R", given.ptr());
        rethrow();
    }
    return owner_of(store_of(given));
}

Store& store_of(nb::handle owner) {
    const StoreOwner* found = nb::inst_ptr<StoreOwner>(owner);
    while (found->absorbed_by) found = nb::inst_ptr<StoreOwner>(found->absorbed_by);
    return *found->store;
}

nb::object owner_of(const Store& store) { return nb::borrow(static_cast<PyObject*>(store.user)); }

void absorb(Store& home, Store& other) {
    StoreOwner& owner = *nb::inst_ptr<StoreOwner>(owner_of(other));
    home.absorb(other);
    owner.absorbed_by = owner_of(home);
}

Store& unite(Store& one, Store& other) {
    if (&one == &other) return one;
    if (one.has_instances() && other.has_instances()) {
        PyErr_SetString(PyExc_ValueError, "the function belongs to another store, and both have instances");
        rethrow();
    }
    Store& home = other.has_instances() ? other : one;
    absorb(home, &home == &one ? other : one);
    return home;
}

void require_use(Store& store) {
    const Exit exit = store.may_use();
    if (exit != Exit::Done) {
        raise(exit);
        rethrow();
    }
}

void bind_store(nb::module_& module) {
    nb::class_<StoreOwner>(module, "Store", kDoc, nb::is_final(), nb::type_slots(slots),
                           nb::is_weak_referenceable())
        .def("__init__", construct, nb::arg("limits").none() = nb::none())
        .def_prop_ro("limits", limits)
        .def("interrupt", interrupt, kInterruptDoc);
}

}  // namespace linocut::bind
