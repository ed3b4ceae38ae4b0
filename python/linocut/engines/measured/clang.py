"""The system's clang, or the one in PyPI's ziglang: which compiles to WebAssembly too."""

from __future__ import annotations

from linocut.bench.programs.build import zig
from linocut.engines import found
from linocut.engines.absent import Absent
from linocut.engines.measured import native
from linocut.engines.measured.engine import Engine
from linocut.engines.process import first_line


def find() -> Engine:
    """At -O2, for any processor of this family: gcc is given no more."""
    try:
        compiler: tuple[str, ...] = (found.program("LINOCUT_CLANG", "clang", get="apt-get install clang"),)
    except Absent:
        compiler = (*zig(), "cc", "-mcpu=baseline")
    return native.engine("clang", first_line([*compiler, "--version"]), compiler)
