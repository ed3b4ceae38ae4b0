// The only place that knows both the compiler and the runtime: bytes → module → instance → values.
//
// What bind/ supplies:
//  1. initialize(hooks) once, at import: the interpreter's lock, signals and reference counts
//     (runtime/hooks.hpp).
//  2. A Python object for each Store, which owns it; every handle (Instance, Func, Memory, Table, Global)
//     is a raw pointer of the store and a reference to that object. Its tp_traverse is visit_objects, its
//     tp_clear clear_objects, and Store::user finds it again. Objects made without a store get a new one.
//  3. Before instantiate: home_store() names the store to use (null: make one); for every other store of an
//     import `home.absorb(other)`, and other's Python object forwards to home's from then on.
//  4. Conversions of values to and from frames (code/signature.hpp). Numbers are bits; a funcref is the
//     LcFuncRef's address, an externref comes from Store::extern_ref, null is 0. Converting may run Python
//     code which calls into the store, so a frame is the caller's own array.
//  5. A HostCallback (runtime/host_function.hpp) that calls HostFunction::object and keeps its exception.
//  6. Exceptions: Exit::Trap → Thread::current().take_trap() and backtrace(); HostException → what is
//     pending; Exception → Thread::thrown, which bind/exception.hpp makes one of Python of; Timeout; Busy and Interrupted → a RuntimeError. Catch ModuleError, LinkError, std::bad_alloc.
//  7. Before changing a table, a global or a memory's size: store.may_use() must be Done.
//  8. timeout=: a Deadline (runtime/interrupts.hpp) around the call.
//  9. Py_EnterRecursiveCall around host calls.
// 10. WithoutFaultHandlers (runtime/signals.hpp) around faulthandler.enable() and disable().
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/call.hpp"
#include "runtime/hooks.hpp"
#include "runtime/interrupts.hpp"
#include "runtime/loaded_module.hpp"
#include "runtime/store.hpp"

namespace linocut {

void initialize(const HostHooks& hooks);

struct LoadOptions {
    unsigned threads = 1;    // that compile; 0 = as many as pay
    SwitchSet without = {};  // what they leave out, for experiments
    bool interpret = false;  // no machine code: the interpreter runs the module
};

// Decodes, validates, compiles; interprets instead on a processor without a compiler. `owner` keeps the bytes
// alive. Throws MalformedError, InvalidError, and NoCompiler where code is to be made `without` something.
// Needs no lock: it may run while other Python threads do. Modules are compiled `without` something only to
// measure what it is worth.
std::shared_ptr<const LoadedModule> load(std::span<const uint8_t> bytes, std::shared_ptr<const void> owner,
                                         const LoadOptions& options = {});
// Decodes and validates. Throws as load() does.
void check(std::span<const uint8_t> bytes);

// The store in which to instantiate: `given`, or that of the imports that have one with instances, or of
// any import, or null. Throws LinkError when they belong to two stores that both have instances.
Store* home_store(std::span<const Extern> imports, Store* given);

// A line of a backtrace, in the module's terms.
struct Frame {
    uint32_t function;  // index, imports counted
    std::string name;   // from the name section, may be empty
    uint32_t offset;    // of the opcode, in the module
};

// Innermost first. Compiles the functions again to find the offsets, so only when somebody looks.
std::vector<Frame> backtrace(const TrapRecord& trap);

}  // namespace linocut
