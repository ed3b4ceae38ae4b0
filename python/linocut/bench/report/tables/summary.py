"""One engine in a row: what a hurried reader wants to know."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from linocut.bench.report import grid
from linocut.bench.report.table import Cell, Column, Mark, Table, text
from linocut.bench.report.tables.comparison import named, ratio_cell
from linocut.engines.engine import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.bench.report.grid import Grid
    from linocut.bench.results import Results


def summary(results: Results) -> Iterator[Table]:
    """Geometric means, suite by suite: first of execution, then of compilation."""
    base = grid.baseline(results)
    note = f"geometric means of times divided by {base}'s, over what both have: below 1 is faster than {base}"
    for title, parts in (("Execution", _execution(results)), ("Compile time", _compilation(results))):
        if rows := tuple(_rows(results, parts)):
            heads = (Column("engine", text=True), Column("kind", text=True))
            columns = (*heads, *(Column(head) for head, _ in parts))
            yield Table(f"{title} in short", columns, rows, 0, (note,))


def _execution(results: Results) -> list[tuple[str, Grid]]:
    """A heading and a grid for each column."""
    whole = grid.execution_grid(results)
    return [*_by_suite(results, whole), ("all", whole)]


def _compilation(results: Results) -> list[tuple[str, Grid]]:
    warm, cold = (grid.compile_grid(results, pick) for pick in (grid.warm, grid.cold))
    return [*_by_suite(results, warm), ("all", warm), ("all, cold", cold)]


def _by_suite(results: Results, whole: Grid) -> list[tuple[str, Grid]]:
    parts = [(suite, whole.only(names)) for suite, names in grid.suites(results).items()]
    return [(suite, part) for suite, part in parts if part.costs]


def _rows(results: Results, parts: list[tuple[str, Grid]]) -> Iterator[tuple[Cell, ...]]:
    """The engines that have a column in any of the grids; the best WebAssembly engine of each is marked."""
    engines = [one for one in grid.present(results) if any(one.name in part.columns for _, part in parts)]
    rivals = [engine.name for engine in engines if engine.kind != Kind.NATIVE]
    best = [min((mean for name in rivals if (mean := part.mean(name)) > 0), default=0.0) for _, part in parts]
    for engine in engines:
        cells = (_cell(part, engine.name, least) for (_, part), least in zip(parts, best, strict=True))
        yield (named(engine.name), text(engine.kind, mark=Mark.FAINT), *cells)


def _cell(part: Grid, engine: str, best: float) -> Cell:
    mean = part.mean(engine)
    if math.isfinite(mean) or not any(column == engine for _, column in part.faults):
        return ratio_cell(mean, Mark.BEST if mean == best else Mark.PLAIN)
    return text("error", mark=Mark.WRONG)
