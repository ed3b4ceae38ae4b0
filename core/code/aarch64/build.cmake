# What CMakeLists.txt must know of this processor.
set(HAS_COMPILER OFF)
