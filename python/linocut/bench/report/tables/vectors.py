"""What vectors bring: the time of each SIMD kernel's scalar twin by its own, engine by engine."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from linocut.bench.report import grid, units
from linocut.bench.report.table import Cell, Column, Mark, Table, figure, text
from linocut.bench.report.tables.comparison import heads
from linocut.bench.samples import geometric_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.bench.report.grid import Grid
    from linocut.bench.results import Results

_SIMD, _SCALAR = "-simd", "-scalar"
_NOTE = "the scalar twin's time divided by the kernel's in the same engine: above 1, vectors are faster"


def vectors(results: Results) -> Iterator[Table]:
    """One kernel in a row; an engine that cannot run it says so."""
    times = grid.execution_grid(results)
    pairs = {row: row.removesuffix(_SIMD) + _SCALAR for row in times.rows if row.endswith(_SIMD)}
    kernels = {row: twin for row, twin in pairs.items() if twin in times.rows}
    if not kernels:
        return
    engines = times.only([*kernels, *kernels.values()]).columns
    rows = [
        (text(row.removesuffix(_SIMD)), *(_cell(times, row, twin, engine) for engine in engines))
        for row, twin in kernels.items()
    ]
    means = (geometric_mean(_gains(times, kernels, engine)) for engine in engines)
    total = (text("geometric mean"), *(_gain(mean) for mean in means))
    yield Table(
        "What vectors bring",
        (Column("kernel", text=True), *heads(engines)),
        (*rows, total),
        1,
        (_NOTE,),
    )


def _cell(times: Grid, row: str, twin: str, engine: str) -> Cell:
    if fault := times.faults.get((row, engine)):
        return text(fault.word, mark=Mark.WRONG)
    return _gain(times.cost(twin, engine) / times.cost(row, engine))


def _gain(ratio: float) -> Cell:
    return figure(ratio, f"{units.three_digits(ratio)}×" if math.isfinite(ratio) else units.NOTHING)


def _gains(times: Grid, kernels: dict[str, str], engine: str) -> list[float]:
    gains = [times.cost(twin, engine) / times.cost(row, engine) for row, twin in kernels.items()]
    return [gain for gain in gains if math.isfinite(gain)]
