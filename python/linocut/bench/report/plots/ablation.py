"""What each switch changes: a dot for the mean, lines for how much programs differ."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from linocut.bench.report import units
from linocut.bench.report.changes import ASPECTS, Change, changes
from linocut.bench.report.plots.labels import shortened
from linocut.bench.report.plots.scale import label
from linocut.bench.report.plots.style import MUTED, PAPER, clean, heading, looks
from linocut.bench.samples import geometric_mean

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from linocut.bench.results import Results

# Inches
_WIDTH, _ROW, _TOP, _BOTTOM, _LEFT, _VALUE, _GAP = 8.2, 0.3, 0.85, 0.35, 1.75, 0.62, 0.08
_ACROSS = (_WIDTH - _LEFT - 0.1) / len(ASPECTS) - _VALUE - _GAP
_LINEAR = 10.0  # percent: up to here the axis is linear, beyond logarithmic
_TICKS = (0.0, -10.0, 10.0, 100.0, 1000.0, -50.0, 30.0, -30.0, 300.0, -5.0, 5.0)


def draw(results: Results) -> Figure | None:
    """One switch in a row, one aspect in a column; None without `--ablate`."""
    rows = [change for change in changes(results) if any(change.ratios.values())]
    if not rows:
        return None
    height = _TOP + _ROW * len(rows) + _BOTTOM
    figure = Figure(figsize=(_WIDTH, height))
    heading(
        figure,
        "Each switch alone",
        f"{_engines(rows)}: change in percent, logarithmic beyond 10; left of 0 is better; "
        "lines: middle half, all",
    )
    left = _LEFT
    for number, aspect in enumerate(ASPECTS):
        high = _ROW * len(rows) / height
        axes = figure.add_axes((left / _WIDTH, _BOTTOM / height, _ACROSS / _WIDTH, high))
        axes.set_title(aspect)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), [shortened(row.switch, 28) for row in rows] if number == 0 else [])
        _panel(axes, results, rows, aspect)
        left += _ACROSS + _VALUE + _GAP
    return figure


def _engines(rows: list[Change]) -> str:
    """In the order of their rows, which differ in colour."""
    return ", then ".join(dict.fromkeys(row.engine for row in rows))


def _panel(axes: Axes, results: Results, rows: list[Change], aspect: str) -> None:
    spans = [[100 * (ratio - 1) for ratio in row.ratios[aspect].values()] for row in rows]
    ends = [0.0, *(value for span in spans for value in span)]
    axes.set_xscale("symlog", linthresh=_LINEAR, linscale=0.8)
    axes.set_xlim(min(-1.2 * _LINEAR, min(ends) * 1.3), max(1.2 * _LINEAR, max(ends) * 1.3))
    label(axes, "x", _TICKS, units.round_percent, 0.31)
    clean(axes)
    axes.axvline(0.0, color=MUTED, linewidth=1.0, zorder=1.5)
    for y, (row, span) in enumerate(zip(rows, spans, strict=True)):
        if span:
            _change(axes, y, span, geometric_mean(row.ratios[aspect].values()), looks(results)[row.engine][0])


def _change(axes: Axes, y: int, span: list[float], mean: float, colour: str) -> None:
    """One switch and aspect."""
    axes.plot([min(span), max(span)], [y, y], color=colour, linewidth=1.0, zorder=2)
    if len(span) > 1:
        low, _, high = statistics.quantiles(span, n=4, method="inclusive")
        axes.plot([low, high], [y, y], color=colour, linewidth=3.6, solid_capstyle="round", zorder=2)
    percent = 100 * (mean - 1)
    axes.plot(percent, y, "o", color=colour, markersize=7, markeredgecolor=PAPER, markeredgewidth=1, zorder=3)
    said = units.percent(mean - 1)
    axes.text(
        1.0 + _VALUE / _ACROSS,
        y,
        said,
        transform=axes.get_yaxis_transform(),
        size=8.5,
        ha="right",
        va="center_baseline",
    )
