"""Execution: the kernels' times, suite by suite."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linocut.bench.report import grid
from linocut.bench.report.tables.comparison import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.bench.report.table import Table
    from linocut.bench.results import Results

_WHOLE = (
    "these programs print no time of their own: CPU time of the whole process, the start of the engine and "
    "compilation included"
)


def execution(results: Results) -> Iterator[Table]:
    """One program in a row; those that do not time themselves apart, as what they are."""
    kernels, processes = grid.execution_grid(results), grid.process_grid(results)
    for suite, names in grid.suites(results).items():
        if (part := kernels.only(names)).rows:
            yield compare(results, part, f"Execution, {suite}", "program")
        if (part := processes.only(names)).rows:
            table = compare(results, part, f"Whole processes, {suite}", "program")
            yield replace(table, notes=(_WHOLE, *table.notes))
