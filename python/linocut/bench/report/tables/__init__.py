"""All tables of a report, the same for every way to show them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from linocut.bench.report.tables.ablation import ablation
from linocut.bench.report.tables.border import calls, starts
from linocut.bench.report.tables.compilation import compile_times, compilers, threads
from linocut.bench.report.tables.engines import absent, engines
from linocut.bench.report.tables.execution import execution
from linocut.bench.report.tables.summary import summary
from linocut.bench.report.tables.vectors import vectors

if TYPE_CHECKING:
    from linocut.bench.report.table import Table
    from linocut.bench.results import Results

_DETAILS = (
    execution,
    vectors,
    compilers,
    compile_times,
    threads,
    starts,
    calls,
    ablation,
    engines,
    absent,
)


def summaries(results: Results) -> list[Table]:
    """What a hurried reader wants to know."""
    return list(summary(results))


def details(results: Results) -> list[Table]:
    """All the other tables that have rows."""
    return list(chain.from_iterable(make(results) for make in _DETAILS))
