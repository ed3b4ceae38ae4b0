"""Start, calls and code size: engines in order of their cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from linocut.bench.report import grid, units
from linocut.bench.report.grid import OURS
from linocut.bench.report.plots.labels import shortened
from linocut.bench.report.plots.scale import cost_axis
from linocut.bench.report.plots.style import INK, PAPER, clean, heading, kind_key, looks, weight
from linocut.bench.samples import geometric_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes

    from linocut.bench.results import Results

# Inches
_WIDTH, _ROW, _TOP, _GAP, _LEFT, _VALUE = 8.2, 0.23, 1.12, 0.62, 0.95, 0.62
_ACROSS = _WIDTH / 2 - _LEFT - _VALUE - 0.1


@dataclass(frozen=True)
class Cost:
    """One engine's median, least and greatest; `yardstick` is the host's own, 0 if unknown."""

    engine: str
    middle: float
    least: float
    most: float
    yardstick: float = 0.0


@dataclass(frozen=True)
class Ranking:
    """Costs of one thing, the least first, and how to write them."""

    title: str
    costs: list[Cost]
    form: Callable[[float], str]
    tick: Callable[[float], str]


def draw(results: Results) -> Figure | None:
    """Two panels side by side; None if nothing of this was measured."""
    rankings = [ranking for ranking in _rankings(results) if ranking.costs]
    if not rankings:
        return None
    pairs = [rankings[i : i + 2] for i in range(0, len(rankings), 2)]
    heights = [_ROW * max(len(ranking.costs) for ranking in pair) for pair in pairs]
    height = _TOP + sum(heights) + _GAP * (len(pairs) - 1) + 0.35
    figure = Figure(figsize=(_WIDTH, height))
    heading(
        figure,
        "Start, calls and code size",
        "logarithmic, left is better; lines: least to greatest; strokes: the host's own call",
    )
    kind_key(figure, results, {cost.engine for ranking in rankings for cost in ranking.costs})
    top = height - _TOP
    for pair, room in zip(pairs, heights, strict=True):
        for number, ranking in enumerate(pair):
            high = _ROW * len(ranking.costs)
            left = _LEFT + number * _WIDTH / 2
            axes = figure.add_axes((left / _WIDTH, (top - high) / height, _ACROSS / _WIDTH, high / height))
            _panel(axes, results, ranking)
        top -= room + _GAP
    return figure


def _rankings(results: Results) -> Iterator[Ranking]:
    yield Ranking("process start to end", _ordered(_starts(results)), units.seconds, units.round_seconds)
    for direction in dict.fromkeys(call.direction for call in results.calls):
        yield Ranking(
            f"call, {direction}", _ordered(_calls(results, direction)), units.seconds, units.round_seconds
        )
    title = "machine code per byte of WebAssembly code"
    yield Ranking(title, _ordered(_code(results)), units.three_digits, "{:g}".format)


def _ordered(costs: Iterator[Cost]) -> list[Cost]:
    return sorted((cost for cost in costs if cost.middle > 0), key=lambda cost: cost.middle)


def _starts(results: Results) -> Iterator[Cost]:
    for start in results.start:
        samples = grid.finite(start.seconds)
        yield Cost(start.engine, samples.median, samples.least, max(samples.values, default=0.0))


def _calls(results: Results, direction: str) -> Iterator[Cost]:
    for call in results.calls:
        samples = grid.finite(call.nanoseconds)
        if call.direction == direction and samples.values and not call.error:
            figures = (samples.median, samples.least, max(samples.values), call.yardstick)
            yield Cost(call.engine, *(figure * 1e-9 for figure in figures))


def _code(results: Results) -> Iterator[Cost]:
    sections = {module.name: module.code_section for module in results.modules if module.code_section}
    amounts = grid.compile_grid(results, grid.code_bytes)
    for engine in amounts.columns:
        ratios = [amounts.cost(row, engine) / sections[row] for row in amounts.rows if row in sections]
        known = [ratio for ratio in ratios if ratio > 0]
        yield Cost(engine, geometric_mean(known), min(known, default=0.0), max(known, default=0.0))


def _panel(axes: Axes, results: Results, ranking: Ranking) -> None:
    costs = ranking.costs
    ends = [end for cost in costs for end in (cost.least, cost.most, cost.yardstick) if end > 0]
    cost_axis(axes, "x", (min(ends) / 1.25, max(ends) * 1.25), ranking.tick, 0.5)
    axes.set_ylim(len(costs) - 0.5, -0.5)
    axes.set_yticks(range(len(costs)), [shortened(cost.engine, 12) for cost in costs])
    axes.set_title(ranking.title, x=0.1 / _ACROSS - _LEFT / _ACROSS)
    clean(axes)
    for y, (cost, name) in enumerate(zip(costs, axes.get_yticklabels(), strict=True)):
        name.set_fontweight(weight(cost.engine))
        colour, marker = looks(results).get(cost.engine, (INK, "o"))
        ours = cost.engine == OURS
        axes.plot([cost.least, cost.most], [y, y], color=colour, linewidth=1.6, zorder=2)
        axes.plot(
            cost.middle, y, marker, color=colour, markersize=8 if ours else 6, markeredgecolor=PAPER, zorder=3
        )
        if cost.yardstick > 0:
            axes.plot(cost.yardstick, y, "|", color=INK, markersize=9, markeredgewidth=1.4, zorder=2.5)
        said, where = ranking.form(cost.middle), axes.get_yaxis_transform()
        axes.text(
            1.0 + _VALUE / _ACROSS,
            y,
            said,
            transform=where,
            ha="right",
            va="center_baseline",
            size=8.5,
            weight=weight(cost.engine),
        )
