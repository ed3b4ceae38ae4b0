"""Where linocut loses: an honest report says it before a reader finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.bench.report import grid, units
from linocut.bench.report.grid import OURS
from linocut.bench.report.table import Column, Table, figure, text
from linocut.engines.engine import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.bench.report.grid import Grid
    from linocut.bench.results import Results


def losses(results: Results) -> Iterator[Table]:
    """What another engine runs or compiles faster, the worst first; native code is the limit, not a rival."""
    native = {engine.name for engine in results.engines if engine.kind == Kind.NATIVE}
    for title, costs in (
        ("Slower in execution", grid.execution_grid(results)),
        ("Slower in compiling, warm", grid.compile_grid(results, grid.warm)),
        ("Slower in compiling, cold", grid.compile_grid(results, grid.cold)),
    ):
        found = sorted(_losses(costs, native), reverse=True)
        rows = tuple((text(row), text(rival), figure(by, units.three_digits(by))) for by, row, rival in found)
        heads = (Column("", text=True), Column("fastest", text=True), Column("linocut's time by its"))
        if rows:
            yield Table(title, heads, rows)


def _losses(costs: Grid, native: set[str]) -> Iterator[tuple[float, str, str]]:
    """Row by row: linocut's time by the fastest other's, if above 1, and who that is."""
    rivals = [column for column in costs.columns if column not in native and column != OURS]
    for row in costs.rows:
        times = [(costs.cost(row, rival), rival) for rival in rivals if (row, rival) in costs.costs]
        if times and (OURS in costs.columns) and costs.cost(row, OURS) > min(times)[0]:
            best, rival = min(times)
            yield costs.cost(row, OURS) / best, row, rival
