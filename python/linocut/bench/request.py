"""What is to be measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MEASURES = ("compile", "run", "start", "calls")
# These show what each kind of engine is like, in less than minutes.
QUICK_ENGINES = (
    "wasm3",
    "interpreter",
    "linocut",
    "liftoff",
    "winch",
    "turbofan",
    "cranelift",
    "gcc",
)
QUICK_CORPORA = ("esbuild", "cpython")


@dataclass(frozen=True)
class Request:
    """What a run measures, and how. None leaves the choice to it: everything, or what `quick` has.

    `paths` are modules and folders of them in the place of our programs; `custom` engines are
    NAME='COMMAND {wasm}'; `dataset` says how large PolyBench's programs are; `ablate`: also with each check
    and each trick of linocut's and Liftoff's compilers switched off alone. `clock`, cpu or wall, is what
    reports show of compilations, `command` what they say that the run was started by.
    """

    paths: tuple[Path, ...] = ()
    measures: tuple[str, ...] = MEASURES
    engines: tuple[str, ...] | None = None
    custom: tuple[str, ...] = ()
    suites: tuple[str, ...] | None = None
    programs: tuple[str, ...] | None = None
    dataset: str = "MEDIUM"
    corpora: tuple[str, ...] | None = None
    ablate: bool = False
    quick: bool = False
    repeat: int | None = None
    clock: str = "cpu"
    command: str = "linocut.bench.run"
