#include "bind/memory.hpp"

#include <cinttypes>
#include <cstring>

#include "base/out_of_memory.hpp"
#include "bind/handle.hpp"
#include "bind/integers.hpp"
#include "bind/store.hpp"
#include "bind/types.hpp"

namespace linocut::bind {

namespace {

// Of 64 KiB: what the addresses reach (§2.3.8).
uint64_t most_pages(bool is64) { return uint64_t{1} << (is64 ? 48 : 16); }

constexpr const char* kDoc = R"doc(Linear memory: bytes that WebAssembly and Python share.

Memory(min, max=None, *, shared=False, address="i32", store=None) makes one of `min` pages of 64 KiB. It has
the buffer protocol: memoryview, numpy.frombuffer and the like see its bytes and can write them. Such a view
has the length the memory had when it was made, and stays valid when the memory grows.

`address` is the type of its addresses in WebAssembly: with "i64" it may be larger than 4 GiB.

Threads share a memory that is `shared`, which must have a maximum: it belongs to no store, so that instances
of several stores may import it, each store used by a thread of its own.

>>> import linocut
>>> memory = linocut.Memory(1, 2)
>>> memory.write(8, b"hello")
>>> memory.read(8, 5), memory.size, len(memory)
(b'hello', 1, 65536)
>>> view = memoryview(memory)
>>> memory.grow(1)
1
>>> view[8] = ord("J")
>>> memory.read(8, 5)
b'Jello'
>>> shared = linocut.Memory(1, 2, shared=True)
>>> worker = linocut.load('(module (import "env" "memory" (memory 1 2 shared))'
...     ' (func (export "add") (param i32) (drop (i32.atomic.rmw.add (i32.const 0) (local.get 0)))))')
>>> for number in range(2):
...     worker.instantiate({"env": {"memory": shared}}).exports.add(number + 1)
>>> shared.read(0, 1)
b'\x03'
)doc";

[[noreturn]] void fail_value(const char* message) {
    PyErr_SetString(PyExc_ValueError, message);
    rethrow();
}

void construct(MemoryHandle* self, nb::handle min, nb::handle max, bool shared, nb::handle address,
               nb::handle store) {
    MemoryType type;
    type.is64 = is64_from(address);
    type.limits = limits_from(min, max, most_pages(type.is64));
    type.shared = shared;
    if (shared) {
        if (!type.limits.max) fail_value("a shared memory must have a maximum");
        if (!store.is_none()) fail_value("a shared memory belongs to no store");
        // What the host says is the most is its limit.
        auto memory = std::make_shared<Memory>(nullptr, type, StoreLimits{.memory = StoreLimits::kNone});
        new (self) MemoryHandle{memory.get(), nb::none(), memory};
        return;
    }
    nb::object owner = store_or_new(store);
    Memory& memory = store_of(owner).add_memory(type);
    new (self) MemoryHandle{&memory, std::move(owner), nullptr};
}

uint64_t grow(MemoryHandle& self, nb::handle pages) {
    if (!self.shared) require_use(store_of(self.owner));
    const Integer wanted = integer_from(pages, "pages");
    if (wanted.fits)
        if (const auto old = self.target->grow(wanted.value)) return *old;
    const MemoryType type = self.target->type();
    const uint64_t most = type.limits.max.value_or(most_pages(type.is64)), room = most - type.limits.min;
    if (wanted.fits && wanted.value <= room) {
        const uint64_t limit = self.target->limit();
        if (type.limits.min + wanted.value > limit >> type.page_shift) {
            PyErr_Format(PyExc_ValueError,
                         "a memory of %llu pages cannot grow by %S: the limit of its store is %llu bytes",
                         type.limits.min, wanted.given.ptr(), limit);
            rethrow();
        }
        throw OutOfMemory("a memory of %" PRIu64 " pages cannot grow by %" PRIu64 ": the system refuses",
                          type.limits.min, wanted.value);
    }
    PyErr_Format(PyExc_ValueError,
                 "a memory of %llu pages cannot grow by %S; its size must stay in %llu..%llu",
                 type.limits.min, wanted.given.ptr(), type.limits.min, most);
    rethrow();
}

// Where the bytes are, if they are all inside.
uint8_t* range(const MemoryHandle& self, nb::handle at, const Integer& count) {
    const Integer address = integer_from(at, "address");
    if (address.fits && count.fits && self.target->contains(address.value, count.value))
        return self.target->base() + address.value;
    PyErr_Format(PyExc_IndexError, "%S bytes at %S are not in a memory of %llu", count.given.ptr(),
                 address.given.ptr(), self.target->bytes());
    rethrow();
}

nb::object read(const MemoryHandle& self, nb::handle address, nb::handle count) {
    const Integer wanted = integer_from(count, "count");
    const uint8_t* from = range(self, address, wanted);
    return new_bytes(from, wanted.value);
}

void write(MemoryHandle& self, nb::handle address, nb::handle data) {
    Py_buffer buffer;
    if (PyObject_GetBuffer(data.ptr(), &buffer, PyBUF_SIMPLE) < 0) rethrow();
    const std::unique_ptr<Py_buffer, void (*)(Py_buffer*)> release(&buffer, PyBuffer_Release);
    const Integer count = integer_from(nb::int_(buffer.len), "count");
    // memmove: the data may be a view of this memory.
    std::memmove(range(self, address, count), buffer.buf, count.value);
}

nb::object repr(const MemoryHandle& self) {
    return checked(PyUnicode_FromFormat("<linocut.Memory of %llu pages>", self.target->pages()));
}

int get_buffer(PyObject* self, Py_buffer* view, int flags) {
    const Memory& memory = *nb::inst_ptr<MemoryHandle>(self)->target;
    return PyBuffer_FillInfo(view, self, memory.base(), static_cast<Py_ssize_t>(memory.bytes()), 0, flags);
}

PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse_handle<MemoryHandle>)},
                       {Py_bf_getbuffer, reinterpret_cast<void*>(get_buffer)},
                       {0, nullptr}};

}  // namespace

MemoryHandle handle_of(Memory* memory, nb::handle owner) {
    if (memory->is_shared()) return {memory, nb::none(), memory->shared_from_this()};
    return {memory, nb::borrow(owner), nullptr};
}

void bind_memory(nb::module_& module) {
    nb::class_<MemoryHandle>(module, "Memory", kDoc, nb::is_final(), nb::type_slots(slots),
                             nb::is_weak_referenceable())
        .def("__init__", construct, nb::arg("min").none(), nb::arg("max") = nb::none(), nb::kw_only(),
             nb::arg("shared") = false, nb::arg("address") = "i32", nb::arg("store") = nb::none())
        .def_prop_ro(
            "size", [](const MemoryHandle& self) { return self.target->pages(); }, "The size in pages.")
        .def_prop_ro(
            "type", [](const MemoryHandle& self) { return to_python(self.target->type()); },
            "Its `MemoryType` now.")
        .def("grow", grow, nb::arg("pages").none(),
             "Grow by so many pages; the result is the size before. ValueError beyond the maximum.")
        .def("read", read, nb::arg("address").none(), nb::arg("count").none(),
             "A copy of `count` bytes. IndexError when they are not all inside, or the count is negative.")
        .def("write", write, nb::arg("address").none(), nb::arg("data").none(),
             "Write the bytes of `data`. IndexError when they do not all fit.")
        .def("__len__", [](const MemoryHandle& self) { return self.target->bytes(); })
        .def("__eq__", same<MemoryHandle>, nb::arg("other").none())
        .def("__hash__", hash<MemoryHandle>)
        .def("__repr__", repr);
}

}  // namespace linocut::bind
