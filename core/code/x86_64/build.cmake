# What CMakeLists.txt must know of this processor.
set(HAS_COMPILER ON)
# core/jit/dispatch.hpp: assembly in the core's files pushes a return address.
set(CORE_OPTIONS -mno-red-zone)
# What C preserves and the visitors do not.
set(CALLEE_SAVED rbx r12 r13 r14 r15)
# The instructions that the stencils use, too (cpu.cpp).
set(INTERPRETER_OPTIONS -march=x86-64-v2)
