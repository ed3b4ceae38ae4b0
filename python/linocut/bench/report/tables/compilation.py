"""Compilation: each module cold and warm, what each compiler is like on average, what more threads bring."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from linocut.bench.report import grid, units
from linocut.bench.report.table import Cell, Column, Table, figure, text
from linocut.bench.report.tables.comparison import compare, named
from linocut.bench.samples import geometric_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.bench.report.grid import Grid
    from linocut.bench.results import Compilation, Results

_STATES = (("again in the same process", grid.warm), ("first in a fresh process", grid.cold))


def compile_times(results: Results) -> Iterator[Table]:
    """Per suite and state: one module in a row."""
    for state, pick in _STATES:
        whole = grid.compile_grid(results, pick)
        for suite, names in grid.suites(results).items():
            if (part := whole.only(names)).rows:
                yield compare(results, part, f"Compile time, {suite}, {state}", "module")


def compilers(results: Results) -> Iterator[Table]:
    """One compiler in a row: geometric means over modules."""
    times = grid.compile_grid(results, grid.warm)
    if not times.rows:
        return
    heads = ("warm, MB/s", "of code section", "cold, MB/s", "validation", "code B/B", "memory B/B")
    rows = tuple((named(engine), *_compiler(results, engine)) for engine in times.columns)
    note = (
        "geometric means over modules; MB/s of module (and of code section) when compiled again in the "
        "same process and when first in a fresh one; validation alone, MB/s; machine code by bytes of code "
        "section; growth of the process by bytes of module"
    )
    yield Table(
        "Compilers", (Column("engine", text=True), *(Column(head) for head in heads)), rows, 0, (note,)
    )


def _compiler(results: Results, engine: str) -> list[Cell]:
    size = {module.name: module.size / 1e6 for module in results.modules}
    section = {module.name: module.code_section / 1e6 for module in results.modules}
    warm, cold = (grid.compile_grid(results, pick) for pick in (grid.warm, grid.cold))
    validation = _own_throughput(grid.compile_grid(results, grid.validation), engine, size)
    code = _own_throughput(grid.compile_grid(results, grid.code_bytes), engine, section)
    memory = _own_throughput(grid.compile_grid(results, grid.memory_bytes), engine, size)
    figures = (
        throughput(warm, engine, size),
        throughput(warm, engine, section),
        throughput(cold, engine, size),
        validation,
        1e-6 / code,
        1e-6 / memory,
    )
    return [figure(value, units.three_digits(value)) for value in figures]


def throughput(costs: Grid, engine: str, amount: dict[str, float]) -> float:
    """Amount of WebAssembly per second; NaN if nothing is known.

    Not every engine compiles every module, and modules differ more than engines do: so it is the baseline's
    geometric mean over all its modules, by the engine's ratio to the baseline over those that both compiled.
    """
    return _own_throughput(costs, costs.baseline, amount) / costs.mean(engine)


def _own_throughput(costs: Grid, engine: str, amount: dict[str, float]) -> float:
    """Amount of WebAssembly per unit of cost over the modules that the engine has."""
    return geometric_mean(amount.get(row, 0.0) / costs.cost(row, engine) for row in costs.rows)


def threads(results: Results) -> Iterator[Table]:
    """Wall clock of the same engine and module on one thread and on more."""
    single = {(one.module, one.engine): one for one in results.compilation if one.threads == 1}
    rows = []
    for more in results.compilation:
        one = single.get((more.module, more.engine))
        if more.threads > 1 and one is not None and not more.error:
            rows.append((text(more.module), text(more.engine), *_gain(one, more)))
    heads = (
        Column("module", text=True),
        Column("engine", text=True),
        Column("threads"),
        Column("one thread"),
        Column("so many"),
        Column("faster"),
    )
    if rows:
        note = "wall clock, medians, again in the same process"
        yield Table("Compile time on several threads", heads, tuple(rows), 0, (note,))


def _gain(one: Compilation, more: Compilation) -> tuple[Cell, ...]:
    before, after = grid.finite(one.warm_wall).median, grid.finite(more.warm_wall).median
    gain = before / after if after > 0 else math.nan
    return (
        figure(more.threads, str(more.threads)),
        figure(before, units.seconds(before)),
        figure(after, units.seconds(after)),
        figure(gain, f"{units.three_digits(gain)}×"),
    )
