#include "bind/func.hpp"

#include <alloca.h>
#include <structmember.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "bind/face.hpp"
#include "bind/host_call.hpp"
#include "bind/raise.hpp"
#include "bind/store.hpp"
#include "bind/timeout.hpp"
#include "bind/types.hpp"
#include "bind/values.hpp"
#include "runtime/call.hpp"
#include "runtime/interrupts.hpp"

namespace linocut::bind {

namespace {

constexpr const char* kDoc = R"doc(Func(callable, type, *, store=None, catchable=False)
--

A function that WebAssembly can call and that Python can call: an instance's export, or a Python callable
with a type.

Arguments are converted by the function's type: i32 and i64 take ints of the signed or the unsigned range
(OverflowError beyond), f32 and f64 take floats, v128 takes a bytes-like object of 16 bytes, lane 0 first
(ValueError for another size), funcref a Func or None, externref any object, None being null. Results come
back signed, a v128 as bytes; no result is None, several are a tuple. `timeout=` gives the call so many
seconds (Timeout; ValueError for a negative number or nan).

What the callable raises passes through WebAssembly, but for a `WasmException`, which can be caught there.
With `catchable` the `catch_all` of WebAssembly catches any Exception, and one that is thrown on comes out as
it was.

>>> import linocut
>>> double = linocut.Func(lambda x: 2 * x, linocut.FuncType(["i32"], ["i32"]))
>>> double(21), double(0xFFFFFFFF)
(42, -2)
>>> double.type
FuncType(params=('i32',), results=('i32',))
)doc";

// A signature of up to four parameters and one result, all of integer type, as numbers for code without
// branches.
struct IntShape {
    size_t params;
    uint64_t masks[LC_INT_ARGUMENTS];  // of the bits of each parameter
    bool has_result;
    uint8_t result_shift;  // 64 - its bits

    static bool fits(const FuncType& type);
    explicit IntShape(const FuncType& type);
};

struct FuncObject {
    PyObject_HEAD vectorcallfunc vectorcall;
    const LcFuncRef* function;
    const Signature* signature;
    Store** store;  // where the pointer to the function's store is: absorbing moves a host function
    Store* own_store;
    IntShape ints;  // what call_ints needs
    PyObject* owner;
    PyObject* name;  // a str, or null
    PyObject* weak_references;
};

PyTypeObject* func_type = nullptr;

FuncObject* as_func(PyObject* object) { return reinterpret_cast<FuncObject*>(object); }

bool IntShape::fits(const FuncType& type) {
    const auto is_int = [](ValType t) { return t == ValType::I32 || t == ValType::I64; };
    return type.params.size() <= LC_INT_ARGUMENTS && type.results.size() <= 1 &&
           std::ranges::all_of(type.params, is_int) && std::ranges::all_of(type.results, is_int);
}

IntShape::IntShape(const FuncType& type) : params(type.params.size()), has_result(!type.results.empty()) {
    for (size_t i = 0; i < params; i++) masks[i] = type.params[i] == ValType::I32 ? UINT32_MAX : UINT64_MAX;
    result_shift = has_result && type.results[0] == ValType::I32 ? 32 : 0;
}

// ── calls ──

PyObject* results_tuple(const FuncObject* func, const uint64_t* frame) {
    const auto& types = func->signature->type->results;
    nb::object results = nb::steal(PyTuple_New(types.size()));
    for (size_t i = 0; results && i < types.size(); i++) {
        PyObject* value = from_words(types[i], &frame[func->signature->results[i]], func->owner);
        if (!value) return nullptr;
        PyTuple_SET_ITEM(results.ptr(), i, value);
    }
    return results.release().ptr();
}

PyObject* results_of(const FuncObject* func, const uint64_t* frame) {
    const auto& types = func->signature->type->results;
    if (types.empty()) Py_RETURN_NONE;
    if (types.size() == 1) return from_words(types[0], &frame[func->signature->results[0]], func->owner);
    return results_tuple(func, frame);
}

[[gnu::noinline]] PyObject* raise_safely(Exit exit) {
    try {
        return raise(exit);
    } catch (...) {
        return raise_current();
    }
}

PyObject* wrong_count(const FuncObject* func, size_t given) {
    PyErr_Format(PyExc_TypeError, "%R takes %zu arguments, not %zu", func, func->signature->params.size(),
                 given);
    return nullptr;
}

[[gnu::always_inline]] inline PyObject* convert_and_call(FuncObject* func, PyObject* const* args) {
    const Signature& signature = *func->signature;
    // On the stack whatever its size: that is where a sweep looks for references.
    uint64_t* frame = static_cast<uint64_t*>(alloca(signature.frame_words * sizeof(uint64_t)));
    const ValType* types = signature.type->params.data();
    const uint32_t* places = signature.params.data();
    for (size_t i = 0, count = signature.params.size(); i < count; i++)
        if (!to_words(args[i], types[i], func->owner, &frame[places[i]])) [[unlikely]]
            return nullptr;
    const Exit exit = call(**func->store, *func->function, signature, frame);
    if (exit != Exit::Done) [[unlikely]]
        return raise(exit);
    return results_of(func, frame);
}

// The seconds of `timeout=`; nothing for None. False with an exception set for any other keyword.
bool read_timeout(PyObject* const* values, PyObject* names, std::optional<double>& seconds) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
        PyObject* name = PyTuple_GET_ITEM(names, i);
        if (PyUnicode_CompareWithASCIIString(name, "timeout") != 0) {
            PyErr_Format(PyExc_TypeError, "a Func has no keyword argument %R", name);
            return false;
        }
        seconds = timeout_from(values[i]);
    }
    return true;
}

[[gnu::noinline]] PyObject* call_with_keywords(FuncObject* func, PyObject* const* args, size_t count,
                                               PyObject* names) {
    std::optional<double> seconds;
    if (!read_timeout(args + count, names, seconds)) return nullptr;
    if (count != func->signature->params.size()) return wrong_count(func, count);
    std::optional<Deadline> deadline;
    if (seconds) deadline.emplace(*seconds);
    return convert_and_call(func, args);
}

PyObject* vectorcall(PyObject* self, PyObject* const* args, size_t nargsf, PyObject* names) {
    FuncObject* func = as_func(self);
    const size_t count = static_cast<size_t>(PyVectorcall_NARGS(nargsf));
    try {
        if (names) [[unlikely]]
            return call_with_keywords(func, args, count, names);
        if (count != func->signature->params.size()) [[unlikely]]
            return wrong_count(func, count);
        return convert_and_call(func, args);
    } catch (...) {
        return raise_current();
    }
}

// vectorcall for the signatures of an IntShape and arguments of at most 30 bits; it leaves everything else to
// the general one. 10 ns faster than that for two i32, a third of the call.
[[gnu::flatten]] PyObject* vectorcall_ints(PyObject* self, PyObject* const* args, size_t nargsf,
                                           PyObject* names) {
    const FuncObject* func = as_func(self);
    const IntShape& shape = func->ints;
    if (names || static_cast<size_t>(PyVectorcall_NARGS(nargsf)) != shape.params) [[unlikely]]
        return vectorcall(self, args, nargsf, names);
    uint64_t frame[kFrameRegisters];
    for (size_t i = 0; i < shape.params; i++) {
        int64_t value;
        if (!small_int(args[i], &value)) [[unlikely]]
            return vectorcall(self, args, nargsf, names);
        frame[i] = static_cast<uint64_t>(value) & shape.masks[i];
    }
    Exit exit;
    try {
        exit = call_in_registers(**func->store, *func->function, true, frame);
    } catch (...) {
        return raise_current();  // no memory for a thread's first call
    }
    if (exit != Exit::Done) [[unlikely]]
        return raise_safely(exit);
    if (!shape.has_result) Py_RETURN_NONE;
    return PyLong_FromLong(static_cast<int64_t>(frame[0] << shape.result_shift) >> shape.result_shift);
}

PyObject* call_bits(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
    FuncObject* func = as_func(self);
    const Signature& signature = *func->signature;
    std::optional<double> seconds;
    if (names && !read_timeout(args + count, names, seconds)) return nullptr;
    if (static_cast<size_t>(count) != signature.params.size()) return wrong_count(func, count);
    try {
        std::optional<Deadline> deadline;
        if (seconds) deadline.emplace(*seconds);
        uint64_t* frame = static_cast<uint64_t*>(alloca(signature.frame_words * sizeof(uint64_t)));
        for (Py_ssize_t i = 0; i < count; i++)
            if (!bits_to_words(args[i], signature.type->params[i], func->owner, &frame[signature.params[i]]))
                return nullptr;
        const Exit exit = call(**func->store, *func->function, signature, frame);
        if (exit != Exit::Done) return raise(exit);
        nb::list results = new_list();
        for (size_t i = 0; i < signature.results.size(); i++)
            results.append(checked(
                words_to_bits(signature.type->results[i], &frame[signature.results[i]], func->owner)));
        return nb::tuple(results).release().ptr();
    } catch (...) {
        return raise_current();
    }
}

// ── what it says about itself ──

// Its export's name, or what the name section or its callable calls it, or its index.
nb::object name_of_func(const FuncObject* func) {
    if (func->name) return nb::borrow(func->name);
    if (const HostFunction* host = host_function_of(func->function)) {
        const nb::handle callable(static_cast<PyObject*>(host->object));
        if (!callable.is_valid()) return new_str("?");
        return nb::getattr(callable, "__name__", new_str(Py_TYPE(callable.ptr())->tp_name));
    }
    const uint32_t index = func->function->index;
    const std::string_view name = instance_of(func->function)->module().function_name(index);
    if (name.empty()) return checked(PyUnicode_FromFormat("func[%u]", index));
    return checked(PyUnicode_DecodeUTF8(name.data(), name.size(), "replace"));
}

std::string types_text(const std::vector<ValType>& types) {
    std::string text;
    for (ValType type : types) text += (text.empty() ? "" : " ") + std::string(linocut::name_of(type));
    return text;
}

PyObject* repr(PyObject* self) {
    try {
        const FuncType& type = *as_func(self)->signature->type;
        return PyUnicode_FromFormat("<linocut.Func %S: [%s] -> [%s]>", name_of_func(as_func(self)).ptr(),
                                    types_text(type.params).c_str(), types_text(type.results).c_str());
    } catch (...) {
        return raise_current();
    }
}

PyObject* get_name(PyObject* self, void*) {
    try {
        return name_of_func(as_func(self)).release().ptr();
    } catch (...) {
        return raise_current();
    }
}

PyObject* get_type(PyObject* self, void*) {
    try {
        return to_python(*as_func(self)->signature->type).release().ptr();
    } catch (...) {
        return raise_current();
    }
}

PyObject* get_store(PyObject* self, void*) {
    try {
        return owner_of(store_of(as_func(self)->owner)).release().ptr();
    } catch (...) {
        return raise_current();
    }
}

PyObject* get_signature(PyObject* self, void*) {
    try {
        return to_python(*as_func(self)->signature->type).attr("signature")().release().ptr();
    } catch (...) {
        return raise_current();
    }
}

// Two Funcs are equal when they stand for the same function.
PyObject* compare(PyObject* self, PyObject* other, int operation) {
    if (!is_func(other) || (operation != Py_EQ && operation != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
    const bool same = canonical(as_func(self)->function) == canonical(as_func(other)->function);
    return PyBool_FromLong(same == (operation == Py_EQ));
}

Py_hash_t hash(PyObject* self) {
    return static_cast<Py_hash_t>(reinterpret_cast<uintptr_t>(canonical(as_func(self)->function)) >> 4);
}

// ── life and death ──

FuncObject* allocate(const LcFuncRef* function, nb::handle owner, PyObject* name) {
    const Signature& signature = signature_of(*function);
    FuncObject* func = as_func(func_type->tp_alloc(func_type, 0));
    if (!func) return nullptr;
    func->function = function;
    func->signature = &signature;
    func->vectorcall = vectorcall;
    if (IntShape::fits(*func->signature->type)) {
        func->ints = IntShape(*func->signature->type);
        func->vectorcall = vectorcall_ints;
    }
    func->own_store = &store_of(owner);
    HostFunction* host = host_function_of(function);
    func->store = host ? &host->store : &func->own_store;
    func->owner = Py_NewRef(owner.ptr());
    func->name = Py_XNewRef(name);
    return func;
}

PyObject* construct(PyTypeObject*, PyObject* args, PyObject* keywords) {
    static const char* const names[] = {"callable", "type", "store", "catchable", nullptr};
    PyObject *callable, *type, *store = Py_None;
    int catchable = 0;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO|$Op", const_cast<char**>(names), &callable, &type,
                                     &store, &catchable))
        return nullptr;
    if (!PyCallable_Check(callable)) {
        PyErr_Format(PyExc_TypeError, "%R is not callable", callable);
        return nullptr;
    }
    try {
        const FuncType wanted = func_type_from(type);
        const nb::object owner = store_or_new(store);
        return make_func(add_host_function(owner, wanted, callable, catchable), owner, nullptr);
    } catch (...) {
        return raise_current();
    }
}

// No tp_clear: a cycle through a Func goes through its store, which breaks it (bind/store.hpp).
int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(as_func(self)->owner);
    return 0;
}

void deallocate(PyObject* self) {
    FuncObject* func = as_func(self);
    PyTypeObject* type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (func->weak_references) PyObject_ClearWeakRefs(self);
    Py_XDECREF(func->name);
    Py_XDECREF(func->owner);
    type->tp_free(self);
    Py_DECREF(type);
}

// ── the type ──

PyMethodDef methods[] = {{"call_bits", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(call_bits)),
                          METH_FASTCALL | METH_KEYWORDS,
                          "call_bits(*bits, timeout=None)\n--\n\nCall with numbers "
                          "and vectors given and returned as their bit patterns, as unsigned ints.\n\n"
                          "The results are a tuple. References are passed as in a plain call."},
                         {nullptr, nullptr, 0, nullptr}};

PyGetSetDef properties[] = {
    {"__name__", get_name, nullptr, "What it was exported as, or is called in its module.", nullptr},
    {"__signature__", get_signature, nullptr, "For `inspect.signature`.", nullptr},
    {"store", get_store, nullptr, "The `Store` that it belongs to.", nullptr},
    {"type", get_type, nullptr, "Its `FuncType`.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(FuncObject, vectorcall), READONLY, nullptr},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(FuncObject, weak_references), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr}};

template <typename Function>
void* slot(Function function) {
    return reinterpret_cast<void*>(function);
}

PyType_Slot slots[] = {{Py_tp_doc, const_cast<char*>(kDoc)},
                       {Py_tp_new, slot(construct)},
                       {Py_tp_call, slot(PyVectorcall_Call)},
                       {Py_tp_dealloc, slot(deallocate)},
                       {Py_tp_traverse, slot(traverse)},
                       {Py_tp_repr, slot(repr)},
                       {Py_tp_hash, slot(hash)},
                       {Py_tp_richcompare, slot(compare)},
                       {Py_tp_methods, methods},
                       {Py_tp_members, members},
                       {Py_tp_getset, properties},
                       {0, nullptr}};

PyType_Spec spec = {
    "linocut.Func", sizeof(FuncObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_IMMUTABLETYPE, slots};

}  // namespace

PyObject* make_func(const LcFuncRef* function, nb::handle owner, PyObject* name) {
    return reinterpret_cast<PyObject*>(allocate(function, owner, name));
}

const LcFuncRef* add_host_function(nb::handle owner, const FuncType& type, nb::handle callable,
                                   bool is_catchable) {
    HostFunction& made = store_of(owner).add_host_function(type, callback_for(callable), callable.ptr());
    Py_INCREF(callable.ptr());  // the store's
    made.is_catchable = is_catchable;
    made.keeps_lock = keeps_lock(callable);
    return &made.ref;
}

bool is_func(nb::handle object) { return Py_IS_TYPE(object.ptr(), func_type); }
const LcFuncRef* func_ref(nb::handle func) { return as_func(func.ptr())->function; }
nb::handle func_owner(nb::handle func) { return as_func(func.ptr())->owner; }

void bind_func(nb::module_& module) {
    func_type = reinterpret_cast<PyTypeObject*>(checked(PyType_FromSpec(&spec)).release().ptr());
    module.attr("Func") = nb::handle(reinterpret_cast<PyObject*>(func_type));
}

}  // namespace linocut::bind
