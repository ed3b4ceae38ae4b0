"""A grid as a table: the baseline's own cost, everybody else's ratio to it, geometric mean and worst row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from linocut.bench.report import units
from linocut.bench.report.grid import OURS
from linocut.bench.report.table import Cell, Column, Mark, Table, figure, text
from linocut.engines.engine import Kind

if TYPE_CHECKING:
    from linocut.bench.report.grid import Grid
    from linocut.bench.results import Results

Form = Callable[[float], str]


def compare(results: Results, grid: Grid, title: str, head: str, form: Form = units.seconds) -> Table:
    """Rows as in the grid; the best WebAssembly engine of each is marked.

    Native code is the limit, not a rival.
    """
    native = {engine.name for engine in results.engines if engine.kind == Kind.NATIVE}
    rows = []
    for row in grid.rows:
        best = min(
            (ratio for c in grid.columns if c not in native and (ratio := grid.ratio(row, c)) > 0), default=0
        )
        rows.append((text(row), *(_cell(grid, row, column, best, form) for column in grid.columns)))
    totals = _totals(grid)
    return Table(
        title, (Column(head, text=True), *heads(grid.columns)), (*rows, *totals), len(totals), _notes(grid)
    )


def heads(engines: Iterable[str]) -> tuple[Column, ...]:
    """Headings of engines; ours stands out."""
    return tuple(Column(engine, ours=engine == OURS) for engine in engines)


def named(engine: str) -> Cell:
    """The name of an engine in front of its row."""
    return text(engine, mark=Mark.OURS if engine == OURS else Mark.PLAIN)


def _cell(grid: Grid, row: str, column: str, best: float, form: Form) -> Cell:
    """Ratio, cost and spread; of the baseline only cost and spread."""
    if fault := grid.faults.get((row, column)):
        return text(fault.word, mark=Mark.WRONG)
    samples = grid.costs.get((row, column))
    if samples is None:
        return text(units.NOTHING, mark=Mark.FAINT)
    ratio = grid.ratio(row, column)
    cost = (form(samples.median), units.spread(len(samples.values), samples.spread))
    mark = Mark.BEST if ratio == best else Mark.PLAIN
    if column == grid.baseline:
        return figure(samples.median, *cost, mark=mark)
    return figure(ratio, units.three_digits(ratio), *cost, mark=mark)


def _totals(grid: Grid) -> list[tuple[Cell, ...]]:
    """What sums up more than one row."""
    if len(grid.rows) < 2:
        return []
    means, worst = [text("geometric mean")], [text("worst")]
    for column in grid.columns:
        means.append(ratio_cell(grid.mean(column)))
        worst.append(ratio_cell(max(grid.ratios(column), default=float("nan"))))
    return [tuple(means), tuple(worst)]


def ratio_cell(ratio: float, mark: Mark = Mark.PLAIN) -> Cell:
    """A ratio that nothing more is said of."""
    return figure(ratio, units.three_digits(ratio), mark=mark)


def _notes(grid: Grid) -> tuple[str, ...]:
    """What the figures are; each fault once, with all rows that it struck."""
    struck: dict[str, list[str]] = {}
    for (row, column), fault in grid.faults.items():
        known = fault.says.startswith(f"{row}:")
        says = fault.says if known else units.said_by(column, fault.says)
        struck.setdefault(says, []).extend([] if known else [row])
    said = [f"{says} ({', '.join(rows)})" if rows else says for says, rows in struck.items()]
    base = grid.baseline
    return (f"{base}: medians; the others: their median divided by {base}'s, below 1 is better", *said)
