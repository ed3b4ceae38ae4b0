"""How clang is run for x86-64."""

from __future__ import annotations

from pathlib import Path
from typing import Final

VOCABULARY: Final = Path(__file__).with_name("vocabulary.h")
_COMMON_FLAGS: Final = ["-target", "x86_64-linux-gnu"]
ASSEMBLER_FLAGS: Final = _COMMON_FLAGS
COMPILER_FLAGS: Final = [
    *_COMMON_FLAGS,
    "-Os",  # -O2 pads functions and puts cold jumps behind the last one, which is the one we cut
    "-std=gnu17",
    "-fno-pic",  # holes are absolute or relative to the instruction, never through a GOT
    "-fomit-frame-pointer",  # rsp is the wasm frame
    "-fno-asynchronous-unwind-tables",  # frames are walked with our own table
    "-fno-stack-protector",
    "-fno-math-errno",  # sqrt is one instruction
    "-ffp-contract=off",  # wasm has no fused multiply-add
    "-fwrapv",
    "-fno-strict-aliasing",
    "-mno-red-zone",  # an interrupt pushes below rsp
    "-msse4.1",
    "-mpopcnt",
    "-Wno-uninitialized",  # a dead temporary is passed on as an uninitialised variable …
    "-Xclang",
    "-no-enable-noundef-analysis",  # … which is defined behaviour only without noundef
]
