"""Our own programs: a folder of bench/programs is a suite, a C file in it a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.engines import build
from linocut.engines.program import WasiProgram

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SUITES = ("polybench", "coremark", "everyday")
DATASETS = ("MINI", "SMALL", "MEDIUM", "LARGE")
# Only PolyBench's programs have sizes by name; defining one elsewhere would only build the same anew.
_WITH_DATASETS = ("polybench",)


@dataclass(frozen=True)
class Source:
    """A program that is not built yet."""

    name: str
    suite: str
    path: Path
    defines: tuple[str, ...]

    def build(self) -> WasiProgram:
        """Its WebAssembly, from the cache or made now; raises ProcessError, and Absent without ziglang."""
        module = build.wasm(self.path, (*build.COMMAND_FLAGS, *self.defines))
        return WasiProgram(self.name, self.suite, module, self.path, self.defines)


def find_sources(suites: Sequence[str], dataset: str) -> list[Source]:
    """All programs of those suites; Absent where there is no source tree."""
    folder = build.source_folder() / "programs"
    return [
        Source(path.stem, suite, path, _defines(suite, dataset))
        for suite in suites
        for path in sorted((folder / suite).glob("*.c"))
    ]


def build_programs(sources: Sequence[Source], say: Callable[[str], None]) -> list[WasiProgram]:
    """The programs in the order of their sources."""
    return build.in_parallel(Source.build, sources, say, "build")


def _defines(suite: str, dataset: str) -> tuple[str, ...]:
    return (f"-D{dataset}_DATASET",) if suite in _WITH_DATASETS else ()
