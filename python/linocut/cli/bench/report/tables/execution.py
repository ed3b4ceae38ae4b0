"""Execution: the kernels' times, suite by suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.cli.bench.report import grid
from linocut.cli.bench.report.tables.comparison import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.cli.bench.report.table import Table
    from linocut.cli.bench.results import Results


def execution(results: Results) -> Iterator[Table]:
    """One program in a row."""
    whole = grid.execution_grid(results)
    for suite, names in grid.suites(results).items():
        if (part := whole.only(names)).rows:
            yield compare(results, part, f"Execution, {suite}", "program")
