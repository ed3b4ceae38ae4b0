"""All that a run of `linocut bench` measured, as plain nouns: the report reads nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

from linocut.bench.samples import Samples

SCHEMA = "linocut-bench/1"
# The clock of a program that times nothing itself: start and compilation are in its seconds.
WHOLE_PROCESS = "whole process"
# What `noise` says of a run that somebody ended.
INTERRUPTED = "interrupted: figures are missing"


@dataclass
class EngineInfo:
    """One engine; `absent` says how to get it when it is not there."""

    name: str
    kind: str
    version: str = ""
    flags: tuple[str, ...] = ()
    absent: str = ""


@dataclass
class ModuleInfo:
    """A module that was compiled or run: sizes in bytes."""

    name: str
    suite: str
    size: int
    code_section: int


@dataclass
class Execution:
    """One program in one engine: seconds that its kernel takes, or whatever else `clock` says was timed."""

    program: str
    engine: str
    seconds: Samples = field(default_factory=Samples)
    clock: str = ""
    checksum: str = ""
    error: str = ""


@dataclass
class Compilation:
    """One module in one engine: seconds of CPU and of wall clock, the first in a process and then again.

    `validate` is validation alone, where the engine offers it. `code_bytes` is the machine code and
    `memory_bytes` by how much the process grew over the first compilation; 0 = the engine does not tell.
    """

    module: str
    engine: str
    threads: int = 1
    cold: Samples = field(default_factory=Samples)
    warm: Samples = field(default_factory=Samples)
    cold_wall: Samples = field(default_factory=Samples)
    warm_wall: Samples = field(default_factory=Samples)
    validate: Samples = field(default_factory=Samples)
    code_bytes: int = 0
    memory_bytes: int = 0
    error: str = ""


@dataclass
class Start:
    """From the start of a process to its end, running a program that does next to nothing: seconds."""

    engine: str
    seconds: Samples = field(default_factory=Samples)
    error: str = ""


@dataclass
class Call:
    """Nanoseconds of one call across the border, `direction` "host to wasm" or "wasm to host".

    `yardstick` is what the host's own cheapest call of that direction costs; 0 = there is none.
    """

    engine: str
    direction: str
    nanoseconds: Samples = field(default_factory=Samples)
    yardstick: float = 0.0
    error: str = ""


@dataclass
class Variant:
    """One switch of `--ablate`: everything measured with it, beside the same engine without."""

    name: str
    engine: str
    says: str
    execution: list[Execution] = field(default_factory=list)
    compilation: list[Compilation] = field(default_factory=list)


@dataclass
class Results:
    """One run of the harness. `clock` is cpu or wall: what to show of compilations.

    `left_out` are modules that were to be run and could not be, by name, with the reason.
    """

    machine: dict[str, str] = field(default_factory=dict)
    date: str = ""
    command: str = ""
    clock: str = "cpu"
    noise: str = ""
    left_out: dict[str, str] = field(default_factory=dict)
    engines: list[EngineInfo] = field(default_factory=list)
    modules: list[ModuleInfo] = field(default_factory=list)
    execution: list[Execution] = field(default_factory=list)
    compilation: list[Compilation] = field(default_factory=list)
    start: list[Start] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    ablation: list[Variant] = field(default_factory=list)
    schema: str = SCHEMA

    @property
    def is_whole(self) -> bool:
        """Whether all that was asked for was measured."""
        return INTERRUPTED not in self.noise
