"""How test files are given to an engine: how it is started, and what it can be given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from linocut.tooling import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linocut.engines.checks.outcome import OutcomeKind, Sign


class EngineError(ToolError):
    """An engine cannot be started, or cannot be judged; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file to run: instantiate `links` (name, file) in turn, then the file, then call the export `calls`.

    `same`: on the instance of the job before, which had the same file.
    """

    file: str
    calls: str | None
    signal: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    same: bool = False


class Runner(Protocol):
    """A started engine. One thread uses it."""

    abilities: frozenset[str]
    """Which of "text", "link", "host", "pack" may be given to it beside plain binary modules."""

    def run(self, job: Job) -> Sign:
        """What became of the job; EngineError only if the engine can no longer be started."""

    def close(self) -> None:
        """Ends its processes."""


@dataclass(frozen=True)
class Checker:
    """An engine as the check has it.

    `open` starts it, with the seconds that a file may take. `meanings` are signs whose meaning need not be
    learned; `command` the shell command that repeats a job, None where only linocut can.
    """

    open: Callable[[float], Runner]
    meanings: Mapping[str, OutcomeKind] = field(default_factory=dict)
    command: Callable[[Job], str] | None = None
