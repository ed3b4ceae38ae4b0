"""The price of each switch, as changes in percent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.bench.ablation import ASKING
from linocut.bench.report import units
from linocut.bench.report.changes import ASPECTS, Change, changes
from linocut.bench.report.table import Cell, Column, Table, figure, text
from linocut.bench.samples import geometric_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.bench.results import Results


def ablation(results: Results) -> Iterator[Table]:
    """One switch in a row."""
    heads = (
        Column("switch", text=True),
        Column("engine", text=True),
        *(Column(aspect) for aspect in ASPECTS),
    )
    rows = tuple(_row(change) for change in changes(results))
    if rows:
        note = (
            "each switch alone against the same engine without it: geometric mean of all programs or "
            "modules, then the least and the greatest change; below 0 is better with the switch"
        )
        asking = f"linocut's compile times: against {ASKING!r}, which does the same work and can be switched"
        yield Table("Ablation", (*heads, Column("what it does", text=True)), rows, 0, (note, asking))


def _row(change: Change) -> tuple[Cell, ...]:
    cells = (_change(list(change.ratios[aspect].values())) for aspect in ASPECTS)
    return (text(change.switch), text(change.engine), *cells, text(change.says))


def _change(ratios: list[float]) -> Cell:
    mean = geometric_mean(ratios) - 1
    if len(ratios) < 2:
        return figure(mean, units.percent(mean))
    return figure(
        mean, units.percent(mean), f"{units.percent(min(ratios) - 1)} … {units.percent(max(ratios) - 1)}"
    )
