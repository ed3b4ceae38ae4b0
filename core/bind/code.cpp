#include "bind/code.hpp"

#include <optional>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "bind/extern.hpp"
#include "bind/func.hpp"
#include "bind/instance.hpp"
#include "bind/integers.hpp"
#include "bind/listing.hpp"
#include "bind/raise.hpp"
#include "bind/store.hpp"
#include "bind/thread_end.hpp"
#include "bind/timeout.hpp"
#include "bind/types.hpp"
#include "engine/engine.hpp"
#include "engine/options.hpp"
#include "runtime/interrupts.hpp"

namespace linocut::bind {

namespace {

// Keeps a Python object alive from C++. The last reference must be dropped where the interpreter's lock is
// held: a loaded module's is, with the Python objects that hold the module.
std::shared_ptr<const void> shared(nb::handle object) {
    Py_INCREF(object.ptr());
    return {object.ptr(),
            [](const void* pointer) { Py_DECREF(static_cast<PyObject*>(const_cast<void*>(pointer))); }};
}

void construct(CodeHandle* self, nb::handle given, nb::handle threads, uint32_t without, bool interpret) {
    if (!PyBytes_Check(given.ptr())) {
        PyErr_Format(PyExc_TypeError, "a module is bytes, not %.200s", Py_TYPE(given.ptr())->tp_name);
        rethrow();
    }
    const auto wasm = nb::borrow<nb::bytes>(given);
    const auto* data = reinterpret_cast<const uint8_t*>(wasm.c_str());
    const auto count = static_cast<unsigned>(integer_up_to(UINT32_MAX, threads, "threads"));
    const std::shared_ptr<const void> owner = shared(wasm);  // to the end: loading may fail without the lock
    std::shared_ptr<const LoadedModule> loaded;
    {
        const WithoutLock unlocked;
        loaded = load({data, wasm.size()}, owner, {count, SwitchSet(without), interpret});
    }
    new (self) CodeHandle{std::move(loaded)};
}

void check_bytes(const nb::bytes& wasm) {
    const WithoutLock unlocked;
    check({reinterpret_cast<const uint8_t*>(wasm.c_str()), wasm.size()});
}

nb::object name(const CodeHandle& self) {
    const std::string_view found = self.loaded->module->name();
    return found.empty() ? nb::none() : new_str(found);
}

nb::list imports(const CodeHandle& self) {
    const Module& module = *self.loaded->module;
    nb::list found = new_list();
    for (const Import& entry : module.imports)
        found.append(nb::make_tuple(new_str(entry.module), new_str(entry.name),
                                    type_of(module, entry.kind, entry.index)));
    return found;
}

nb::list exports(const CodeHandle& self) {
    const Module& module = *self.loaded->module;
    nb::list found = new_list();
    for (const Export& entry : module.exports)
        found.append(nb::make_tuple(new_str(entry.name), type_of(module, entry.kind, entry.index)));
    return found;
}

nb::tuple custom_sections(const CodeHandle& self, nb::handle name) {
    if (!PyUnicode_Check(name.ptr())) {
        PyErr_Format(PyExc_TypeError, "a section's name is a str, not %.200s", Py_TYPE(name.ptr())->tp_name);
        rethrow();
    }
    nb::list found = new_list();
    for (const auto& section : self.loaded->module->customs)
        if (new_str(section.name).equal(name))
            found.append(new_bytes(section.bytes.data(), section.bytes.size()));
    return nb::tuple(found);
}

nb::object function_name(const CodeHandle& self, uint32_t function) {
    const std::string_view found = self.loaded->module->function_name(function);
    return found.empty() ? nb::none() : new_str(found);
}

nb::list exported_functions(const CodeHandle& self) {
    nb::list found = new_list();
    for (const Export& entry : self.loaded->module->exports)
        if (entry.kind == ExternKind::Func) found.append(nb::make_tuple(new_str(entry.name), entry.index));
    return found;
}

nb::object function_type(const CodeHandle& self, uint32_t function) {
    const Module& module = *self.loaded->module;
    return to_python(module.types[module.functions.at(function)]);
}

nb::list types(const CodeHandle& self) {
    nb::list found = new_list();
    for (const FuncType& type : self.loaded->module->types) found.append(to_python(type));
    return found;
}

// For a defined function: (bytes of machine code, the body's offset in the module, its size there).
nb::tuple function_sizes(const CodeHandle& self, uint32_t function) {
    const uint32_t defined = defined_index(*self.loaded->module, function);
    const FuncBody& body = self.loaded->module->bodies[defined];
    return nb::make_tuple(code_bytes(*self.loaded, defined), body.offset, body.size);
}

// The index of the function whose entry is at that offset, or None.
nb::object function_with_entry(const CodeHandle& self, uint32_t code_offset) {
    const int64_t defined = function_at(*self.loaded, code_offset);
    return defined < 0 ? nb::none() : nb::cast(defined + self.loaded->module->imported_functions);
}

nb::tuple defined_functions(const CodeHandle& self) {
    const Module& module = *self.loaded->module;
    return nb::make_tuple(module.imported_functions, module.functions.size());
}

// Names the import and says what is wrong with the object given for it.
[[noreturn]] void fail_incompatible(const Import& wanted, nb::handle given) {
    const nb::str shown = nb::repr(given);
    throw LinkError("incompatible import type: \"" + std::string(wanted.module) + "\" \"" +
                    std::string(wanted.name) + "\" wants a " + name_of(wanted.kind) + ", not " +
                    shown.c_str());
}

// The objects given, as far as they are handles; callables wait until their store is known.
std::vector<Extern> handles_among(const Module& module, const nb::list& given) {
    std::vector<Extern> externs;
    for (size_t i = 0; i < module.imports.size(); i++) {
        const nb::handle object = given[i];
        externs.push_back(extern_from(object));
        const bool missing = std::holds_alternative<std::monostate>(externs.back());
        if (missing && (module.imports[i].kind != ExternKind::Func || !PyCallable_Check(object.ptr())))
            fail_incompatible(module.imports[i], object);
    }
    return externs;
}

// The store of the new instance, with the imports' stores absorbed into it.
nb::object home_of(const std::vector<Extern>& externs, nb::handle given) {
    const nb::object wanted = given.is_none() ? nb::object() : store_or_new(given);
    Store* home = home_store(externs, wanted.is_valid() ? &store_of(wanted) : nullptr);
    nb::object owner = home ? owner_of(*home) : new_store();
    for (const Extern& entry : externs)
        if (Store* other = linocut::store_of(entry); other && other != &store_of(owner))
            absorb(store_of(owner), *other);
    return owner;
}

void wrap_callables(std::vector<Extern>& externs, const Module& module, const nb::list& given,
                    nb::handle owner) {
    for (size_t i = 0; i < externs.size(); i++)
        if (std::holds_alternative<std::monostate>(externs[i]))
            externs[i] = add_host_function(owner, module.type_of_function(module.imports[i].index), given[i]);
}

InstanceHandle instantiate(const CodeHandle& self, const nb::list& given, nb::handle store,
                           nb::handle timeout) {
    const std::optional<double> seconds = timeout_from(timeout);
    const Module& module = *self.loaded->module;
    std::vector<Extern> externs = handles_among(module, given);
    nb::object owner = home_of(externs, store);
    std::optional<Deadline> deadline;
    if (seconds) deadline.emplace(*seconds);
    Store& home = store_of(owner);
    const Store::Extent before = home.extent();
    Instance* instance = nullptr;
    Exit exit = Exit::Done;
    try {
        wrap_callables(externs, module, given, owner);
        exit = home.instantiate(self.loaded, externs, instance);
    } catch (...) {
        if (!instance) home.cut_back(before);
        throw;
    }
    if (exit != Exit::Done) {
        if (!instance) home.cut_back(before);
        raise(exit);
        rethrow();
    }
    return {instance, std::move(owner)};
}

// (how many function types are known, the longest search for one), for tests.
nb::tuple type_count() {
    const TypeCount count = count_types();
    return nb::make_tuple(count.types, count.longest_search);
}

// (name, whether a module compiled without it can do harm, what happens then); bit n of `without` is the n-th.
nb::tuple switches() {
    nb::list rows = new_list();
    for (const SwitchRow& row : kSwitches) rows.append(nb::make_tuple(row.name, row.is_unsafe, row.says));
    return nb::tuple(rows);
}

}  // namespace

void bind_code(nb::module_& module) {
    module.def("switches", switches);
    module.attr("FREE_CHOICES") = uint32_t{1} << static_cast<unsigned>(Switch::FreeChoices);
    module.def("count_types", type_count);
    module.def("has_compiler", has_compiler);
    module.def("check", check_bytes, nb::arg("wasm"));
    nb::class_<CodeHandle>(module, "Code")
        .def("__init__", construct, nb::arg("wasm").none(), nb::arg("threads").none(), nb::arg("without"),
             nb::arg("interpret"))
        .def_prop_ro("name", name)
        .def("imports", imports)
        .def("exports", exports)
        .def("custom_sections", custom_sections, nb::arg("name").none())
        .def("defined_functions", defined_functions)
        .def("exported_functions", exported_functions)
        .def("function_name", function_name, nb::arg("function"))
        .def("listing", listing_of, nb::arg("function"))
        .def("function_type", function_type, nb::arg("function"))
        .def("function_sizes", function_sizes, nb::arg("function"))
        .def("function_at", function_with_entry, nb::arg("code_offset"))
        .def("types", types)
        .def("instantiate", instantiate, nb::arg("imports"), nb::arg("store").none(),
             nb::arg("timeout").none());
}

}  // namespace linocut::bind
