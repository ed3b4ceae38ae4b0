"""The engines: what they are, how they were run, and how to get those that were not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.bench.report import grid
from linocut.bench.report.table import Column, Mark, Table, text
from linocut.bench.report.tables.comparison import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.bench.results import Results


def engines(results: Results) -> Iterator[Table]:
    """Version and flags of each engine."""
    heads = tuple(Column(head, text=True) for head in ("engine", "kind", "version", "flags"))
    rows = tuple(
        (named(engine.name), text(engine.kind), text(engine.version), text(" ".join(engine.flags)))
        for engine in grid.present(results)
    )
    if rows:
        yield Table("Engines", heads, rows)


def absent(results: Results) -> Iterator[Table]:
    """What is not on this machine."""
    heads = tuple(Column(head, text=True) for head in ("engine", "kind", "how to get it"))
    rows = tuple(
        (text(engine.name, mark=Mark.FAINT), text(engine.kind, mark=Mark.FAINT), text(engine.absent))
        for engine in results.engines
        if engine.absent
    )
    if rows:
        yield Table("Absent engines", heads, rows)
