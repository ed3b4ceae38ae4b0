"""C compilers of this machine: the program's C itself at -O2, without WebAssembly between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.engines import found
from linocut.engines.build import NATIVE_FLAGS, native, zig
from linocut.engines.engine import Engine, Kind
from linocut.engines.found import Absent
from linocut.engines.process import first_line

if TYPE_CHECKING:
    from linocut.engines.program import WasiProgram


def gcc_path() -> str:
    """The system's gcc."""
    return found.program("LINOCUT_GCC", "gcc", get="apt-get install gcc")


def find_gcc() -> Engine:
    """The system's gcc."""
    path = gcc_path()
    return _engine("gcc", first_line([path, "--version"]), (path,))


def find_clang() -> Engine:
    """The system's clang, or the one in PyPI's ziglang, which compiles to WebAssembly too.

    For any processor of this family: gcc is given no more.
    """
    try:
        compiler: tuple[str, ...] = (found.program("LINOCUT_CLANG", "clang", get="apt-get install clang"),)
    except Absent:
        compiler = (*zig(), "cc", "-mcpu=baseline")
    return _engine("clang", first_line([*compiler, "--version"]), compiler)


def _engine(name: str, version: str, compiler: tuple[str, ...]) -> Engine:
    """A C compiler by its command line."""

    def command(program: WasiProgram) -> list[str]:
        return [str(native(program, name, compiler)), *program.arguments]

    return Engine(name, Kind.NATIVE, version, command, flags=NATIVE_FLAGS, needs_source=True)
