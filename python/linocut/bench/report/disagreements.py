"""Checksums that differ: one of the engines computes something wrong, and its speed means nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.bench.results import Execution, Results


@dataclass(frozen=True)
class Disagreement:
    """One program whose engines print different checksums.

    `checksums` has every engine's; `odd` are the engines that most others contradict, all of them when no
    checksum has a majority.
    """

    program: str
    checksums: dict[str, str]
    odd: tuple[str, ...]

    def __str__(self) -> str:
        said = [f"{engine} prints {self.checksums[engine]}" for engine in self.odd]
        if rest := [checksum for engine, checksum in self.checksums.items() if engine not in self.odd]:
            said.append(f"{len(rest)} others {rest[0]}")
        return f"{self.program}: checksums disagree: {', '.join(said)}"


def disagreements(results: Results) -> list[Disagreement]:
    """Every program with more than one checksum; runs with other switches (`--ablate`) count too."""
    programs: dict[str, dict[str, str]] = {}
    for engine, run in _runs(results):
        if run.checksum and not run.error:
            programs.setdefault(run.program, {})[engine] = run.checksum
    return [
        Disagreement(program, checksums, _odd(checksums))
        for program, checksums in programs.items()
        if len(set(checksums.values())) > 1
    ]


def _runs(results: Results) -> Iterator[tuple[str, Execution]]:
    """All executions, each with the name to print for its engine."""
    for run in results.execution:
        yield run.engine, run
    for variant in results.ablation:
        for run in variant.execution:
            yield f"{variant.engine} ({variant.name})", run


def _odd(checksums: dict[str, str]) -> tuple[str, ...]:
    """The engines that do not print what more than half of them do."""
    common, count = Counter(checksums.values()).most_common(1)[0]
    right = common if 2 * count > len(checksums) else None
    return tuple(engine for engine, checksum in checksums.items() if checksum != right)
