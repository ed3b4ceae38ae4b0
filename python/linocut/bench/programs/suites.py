"""Our own programs: a folder of bench/programs is a suite, a C file in it a program, in simd/ two."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.engines import build
from linocut.engines.program import WasiProgram

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SUITES = ("polybench", "coremark", "everyday", "simd")
DATASETS = ("MINI", "SMALL", "MEDIUM", "LARGE")
# Only PolyBench's programs have sizes by name; defining one elsewhere would only build the same anew.
_WITH_DATASETS = ("polybench",)


@dataclass(frozen=True)
class Form:
    """One way to build the programs of a folder: a suite of its own, whose programs' names end in `ending`.

    `defines` are what every build gets, `flags` what WebAssembly gets, `native_flags` what others get.
    """

    suite: str
    ending: str = ""
    defines: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    native_flags: tuple[str, ...] = ()


# Vectors of WebAssembly are made for what a processor of 2008 has; aarch64's compilers need no flag.
_NATIVE_SIMD = ("-msse4.1",) if platform.machine() == "x86_64" else ()
# Each program with vectors has a twin without them.
_FORMS = {
    "simd": (
        Form("simd", "-simd", flags=("-msimd128",), native_flags=_NATIVE_SIMD),
        Form("scalar", "-scalar", defines=("-DSCALAR",)),
    )
}


@dataclass(frozen=True)
class Source:
    """A program that is not built yet."""

    name: str
    suite: str
    path: Path
    defines: tuple[str, ...]
    flags: tuple[str, ...] = ()
    native_flags: tuple[str, ...] = ()

    def build(self) -> WasiProgram:
        """Its WebAssembly, from the cache or made now; raises ProcessError, and Absent without ziglang."""
        module = build.wasm(self.path, (*build.COMMAND_FLAGS, *self.flags, *self.defines))
        return WasiProgram(
            self.name, self.suite, module, self.path, self.defines, native_flags=self.native_flags
        )


def find_sources(suites: Sequence[str], dataset: str) -> list[Source]:
    """All programs of those suites; Absent where there is no source tree."""
    folder = build.source_folder() / "programs"
    return [
        Source(f"{path.stem}{form.ending}", form.suite, path, form.defines, form.flags, form.native_flags)
        for suite in suites
        for form in _forms(suite, dataset)
        for path in sorted((folder / suite).glob("*.c"))
    ]


def build_programs(sources: Sequence[Source], say: Callable[[str], None]) -> list[WasiProgram]:
    """The programs in the order of their sources."""
    return build.in_parallel(Source.build, sources, say, "build")


def _forms(suite: str, dataset: str) -> tuple[Form, ...]:
    defines = (f"-D{dataset}_DATASET",) if suite in _WITH_DATASETS else ()
    return _FORMS.get(suite, (Form(suite, defines=defines),))
