"""What an engine costs before and besides its code: its start, and calls across its border."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from linocut.bench.report import units
from linocut.bench.report.grid import finite
from linocut.bench.report.table import Cell, Column, Mark, Table, figure, text
from linocut.bench.report.tables.comparison import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linocut.bench.results import Call, Results, Start
    from linocut.bench.samples import Samples


def starts(results: Results) -> Iterator[Table]:
    """One engine in a row."""
    heads = (Column("engine", text=True), Column("median"), Column("fastest"))
    rows = tuple(
        (named(start.engine), *_times(finite(start.seconds), start.error, 1.0)) for start in results.start
    )
    if rows:
        note = (
            "wall clock from the start of a process to its end, running a program that does next to nothing"
        )
        yield Table("Start", heads, rows, 0, (note, *_errors(results.start)))


def calls(results: Results) -> Iterator[Table]:
    """One engine and direction in a row."""
    heads = (Column("engine", text=True), Column("direction", text=True), Column("median"), Column("fastest"))
    more = (Column("host's own call"), Column("ratio"))
    rows = []
    for call in results.calls:
        samples = finite(call.nanoseconds)
        ratio = samples.median / call.yardstick if call.yardstick > 0 else math.nan
        yardstick = call.yardstick * 1e-9 if call.yardstick > 0 else math.nan
        rows.append(
            (
                named(call.engine),
                text(call.direction),
                *_times(samples, call.error, 1e-9),
                figure(yardstick, units.seconds(yardstick)),
                figure(ratio, units.three_digits(ratio)),
            )
        )
    if rows:
        note = "one call; the host's own cheapest call of the same direction beside it"
        yield Table(
            "Calls across the border", (*heads, *more), tuple(rows), 0, (note, *_errors(results.calls))
        )


def _times(samples: Samples, error: str, unit: float) -> tuple[Cell, Cell]:
    """Median with its spread, and the fastest."""
    if error:
        return text("error", mark=Mark.WRONG), text(units.NOTHING, mark=Mark.FAINT)
    median, least = samples.median * unit, samples.least * unit
    wobble = units.spread(len(samples.values), samples.spread)
    return figure(median, units.seconds(median), wobble), figure(least, units.seconds(least))


def _errors(measured: Iterable[Start] | Iterable[Call]) -> tuple[str, ...]:
    return tuple(units.said_by(one.engine, one.error) for one in measured if one.error)
