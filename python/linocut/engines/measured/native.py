"""C compilers of this machine: the program's C itself, without WebAssembly between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.bench.programs.build import NATIVE_FLAGS, native
from linocut.engines.measured.engine import Engine, Kind

if TYPE_CHECKING:
    from linocut.bench.programs.program import Program


def engine(name: str, version: str, compiler: tuple[str, ...]) -> Engine:
    """A C compiler by its command line."""

    def command(program: Program) -> list[str]:
        return [str(native(program, name, compiler)), *program.arguments]

    return Engine(name, Kind.NATIVE, version, command, flags=NATIVE_FLAGS, needs_source=True)
