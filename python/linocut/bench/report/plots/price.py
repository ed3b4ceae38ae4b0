"""What a switch or two change in each program: bars for the first, dots for the second."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from linocut.bench.report import units
from linocut.bench.report.changes import changes
from linocut.bench.report.grid import suites
from linocut.bench.report.plots.labels import shortened
from linocut.bench.report.plots.scale import label
from linocut.bench.report.plots.style import INK, MUTED, PAPER, RULE, clean, heading, looks
from linocut.bench.samples import geometric_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

    from linocut.bench.results import Results

    Row = tuple[str, tuple[float, ...]]

# Inches
_WIDTH, _ROW, _TOP, _BOTTOM, _LEFT, _RIGHT = 8.2, 0.185, 0.72, 0.45, 1.35, 0.75
_LEAST = 2.0  # percent on either side of 0: noise should not fill the plot
_MEAN = "geometric mean"
_TICKS = (0.0, *(sign * step * 10.0**power for power in (1, 0, 2) for step in (1, 2, 5) for sign in (-1, 1)))


def draw(results: Results, engine: str, switches: Sequence[str], title: str) -> Figure | None:
    """Percent of execution time by suite and program; None if none of the switches was measured."""
    found = {one.switch: one.ratios["execution"] for one in changes(results) if one.engine == engine}
    measured = [found[switch] for switch in switches if found.get(switch)]
    if not measured:
        return None
    rows = list(_rows(results, measured))
    height = _TOP + _ROW * len(rows) + _BOTTOM
    figure = Figure(figsize=(_WIDTH, height))
    signs = [f"{sign} {switch}" for sign, switch in zip("▬●", switches, strict=False) if found.get(switch)]
    heading(
        figure,
        title,
        f"{engine}'s execution time, change in percent; left of 0 is faster:  {'   '.join(signs)}",
    )
    inner = (_LEFT / _WIDTH, _BOTTOM / height, 1 - (_LEFT + _RIGHT) / _WIDTH, _ROW * len(rows) / height)
    axes = figure.add_axes(inner)
    _frame(axes, rows)
    _bars(axes, rows, looks(results)[engine][0])
    return figure


def _rows(results: Results, measured: list[dict[str, float]]) -> Iterator[Row]:
    """For each suite its name, its mean and its programs: label and one percentage for each switch."""
    for suite, names in suites(results).items():
        shown = [name for name in names if any(name in ratios for ratios in measured)]
        if shown:
            yield "", ()
            yield suite, ()
        if len(shown) > 1:
            means = (geometric_mean(one[name] for name in shown if name in one) for one in measured)
            yield _MEAN, tuple(map(_percent, means))
        for name in shown:
            yield name, tuple(_percent(one.get(name, math.nan)) for one in measured)


def _percent(ratio: float) -> float:
    return 100 * (ratio - 1)


def _frame(axes: Axes, rows: list[Row]) -> None:
    """Labels, limits and the line of no change."""
    known = [value for _, values in rows for value in values if math.isfinite(value)]
    axes.set_xlim(1.1 * min(-_LEAST, *known), 1.1 * max(_LEAST, *known))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [shortened(name, 17) for name, _ in rows])
    label(axes, "x", _TICKS, units.round_percent, 0.45)
    clean(axes)
    axes.axvline(0.0, color=MUTED, linewidth=1.0, zorder=1.5)
    for tick, (name, values) in zip(axes.get_yticklabels(), rows, strict=True):
        if name == _MEAN or not values:
            tick.set_fontweight("bold")
    for y, (name, _) in enumerate(rows):
        if name == _MEAN:
            axes.axhspan(y - 0.5, y + 0.5, color=RULE, alpha=0.5, linewidth=0, zorder=0)


def _bars(axes: Axes, rows: list[Row], colour: str) -> None:
    """The first switch's figures also stand at the right."""
    for y, (name, values) in enumerate(rows):
        if not values:
            continue
        first, *others = values
        if math.isfinite(first):
            axes.plot([0, first], [y, y], color=colour, linewidth=5.5, solid_capstyle="butt", zorder=2)
            _say(axes, y, units.percent(first / 100), "bold" if name == _MEAN else "normal")
        axes.plot(others, [y] * len(others), "o", color=INK, markersize=4.5, markeredgecolor=PAPER, zorder=3)


def _say(axes: Axes, y: int, figure: str, weight: str) -> None:
    right = 1.0 + 0.97 * _RIGHT / (_WIDTH - _LEFT - _RIGHT)
    place = axes.get_yaxis_transform()
    axes.text(right, y, figure, transform=place, size=8.5, weight=weight, ha="right", va="center_baseline")
