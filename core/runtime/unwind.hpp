// Throwing and catching (§4.6.12).
#pragma once

#include <cstdint>

#include "runtime/exit.hpp"
#include "runtime/store.hpp"
#include "runtime/thread.hpp"

namespace linocut {

// What is thrown is the thread's until it is caught or leaves WebAssembly. `object`: see Exception; its reference is
// taken over. Returns Exit::Exception, or another one where there is no memory.
Exit throw_exception(Thread& thread, Store& store, const Tag* tag, const uint64_t* words,
                     void* object) noexcept;
// The same again.
Exit throw_again(Thread& thread, uint64_t reference) noexcept;

}  // namespace linocut
