"""The system's clang, or the one in PyPI's ziglang: which compiles to WebAssembly too."""

from __future__ import annotations

from linocut.cli.bench.engines import native
from linocut.cli.bench.engines.engine import Engine
from linocut.cli.bench.programs.build import zig
from linocut.cli.peers import found
from linocut.cli.peers.absent import Absent
from linocut.cli.peers.process import first_line


def find() -> Engine:
    """At -O2, for any processor of this family: gcc is given no more."""
    try:
        compiler: tuple[str, ...] = (found.program("LINOCUT_CLANG", "clang", get="apt-get install clang"),)
    except Absent:
        compiler = (*zig(), "cc", "-mcpu=baseline")
    return native.engine("clang", first_line([*compiler, "--version"]), compiler)
