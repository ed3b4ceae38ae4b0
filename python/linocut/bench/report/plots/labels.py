"""Words beside what they name, so that no two of them overlap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from linocut.bench.report.units import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

Pixel: TypeAlias = "tuple[float, float]"

# Beside, above and below a dot before slantwise
_DIRECTIONS = [math.radians(n) for n in (0, 90, 270, 180, 30, 330, 150, 210, 60, 300, 120, 240)]
_DISTANCES = (7.0, 12.0, 19.0, 28.0, 40.0)  # points between a dot's middle and its label
_COVERED = 10  # what a covered square pixel costs; a point of distance costs 1
_LEADER = 10.0  # from this distance a line leads from the dot to its label


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: Box) -> float:
        """The area that both cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return wide * high if wide > 0 and high > 0 else 0.0

    @property
    def area(self) -> float:
        """Wide times high."""
        return (self.right - self.left) * (self.top - self.bottom)

    def shifted(self, right: float, up: float) -> Box:
        """The same rectangle elsewhere."""
        return Box(self.left + right, self.bottom + up, self.right + right, self.top + up)

    def outside(self, other: Box) -> float:
        """The area that is not in the other."""
        return self.area - self.overlap(other)

    def distance(self, point: Pixel) -> float:
        """From a point to the nearest one of the rectangle."""
        x = max(self.left - point[0], 0.0, point[0] - self.right)
        y = max(self.bottom - point[1], 0.0, point[1] - self.top)
        return math.hypot(x, y)


@dataclass(frozen=True)
class Choice:
    """A place for a label, `distance` points from its dot, and what it costs apart from other labels."""

    cost: float
    distance: float
    box: Box


@dataclass(frozen=True)
class Scene:
    """Where labels must not lie, and where they may.

    `anchors` are the labels' own dots, `points` whatever must stay visible, `room` the frame; in pixels.
    """

    anchors: Sequence[Pixel]
    points: Sequence[Box]
    room: Box

    def cost(self, i: int, distance: float, box: Box) -> float:
        """How bad a place is for label i: it should cover nothing and be nearer to its dot than to others."""
        covered = sum(map(box.overlap, self.points)) + box.outside(self.room)
        astray = box.distance(self.anchors[i]) - min(map(box.distance, self.anchors))
        return distance + _COVERED * covered + 20 * astray


def place(axes: Axes, texts: Sequence[Annotation], blocked: Sequence[Pixel]) -> None:
    """Moves annotations, each made at its dot, to where they overlap neither each other nor blocked points.

    `blocked` are dots and points of lines, in the axes' data. Each label takes the best of a ring of places;
    three rounds let the first ones answer to those that came after them, and the better of two orders counts.
    """
    scale = axes.figure.dpi / 72
    frame, half = axes.get_window_extent(), 4 * scale
    points = [Box(x - half, y - half, x + half, y + half) for x, y in _pixels(axes, blocked)]
    anchors = _pixels(axes, [text.xy for text in texts])
    scene = Scene(anchors, points, Box(frame.x0, frame.y0, frame.x1, frame.y1))
    sizes = [text.get_window_extent() for text in texts]
    rings = [list(_ring(anchor, size, scale)) for anchor, size in zip(anchors, sizes, strict=True)]
    choices = [
        [Choice(scene.cost(i, distance, box), distance, box) for distance, box in ring]
        for i, ring in enumerate(rings)
    ]
    orders = (range(len(choices)), range(len(choices))[::-1])
    chosen = min((_settle(choices, order) for order in orders), key=lambda settled: settled[0])[1]
    for text, anchor, choice in zip(texts, anchors, chosen, strict=True):
        left, bottom = choice.box.left - anchor[0], choice.box.bottom - anchor[1]
        text.set_position((left / scale, bottom / scale))
        if text.arrow_patch is not None:
            text.arrow_patch.set_visible(choice.distance > _LEADER)


def _pixels(axes: Axes, points: Iterable[Pixel]) -> list[Pixel]:
    return [tuple(axes.transData.transform(point)) for point in points]


def _ring(anchor: Pixel, size: Bbox, scale: float) -> Iterator[tuple[float, Box]]:
    """Distance and rectangle of every place that a label may take, the nearest first."""
    for distance in _DISTANCES:
        for angle in _DIRECTIONS:
            x = anchor[0] + distance * scale * math.cos(angle)
            y = anchor[1] + distance * scale * math.sin(angle)
            left = x - size.width * (1 - math.cos(angle)) / 2
            bottom = y - size.height * (1 - math.sin(angle)) / 2
            yield distance, Box(left, bottom, left + size.width, bottom + size.height)


def _settle(choices: Sequence[Sequence[Choice]], order: Sequence[int]) -> tuple[float, list[Choice]]:
    """Each label in that order takes its best place, three times; the sum of the costs, and the places."""
    chosen: dict[int, Choice] = {}
    costs: dict[int, float] = {}
    for _ in range(3):
        for i in order:
            others = [choice.box for k, choice in chosen.items() if k != i]
            rated = [one.cost + _COVERED * sum(map(one.box.overlap, others)) for one in choices[i]]
            costs[i] = min(rated)
            chosen[i] = choices[i][rated.index(costs[i])]
    return sum(costs.values()), [chosen[i] for i in range(len(choices))]


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Places as near as possible to the wanted ones, at least `gap` apart, in the same order.

    Neighbours that are too near form a group, which is spread around its middle; groups that then touch
    become one.
    """
    groups: list[list[int]] = []
    for i in sorted(range(len(wanted)), key=lambda i: wanted[i]):
        groups.append([i])
        while len(groups) > 1 and _start(wanted, groups[-1], gap) < _end(wanted, groups[-2], gap) + gap:
            groups[-2:] = [groups[-2] + groups[-1]]
    places = [0.0] * len(wanted)
    for group in groups:
        for number, i in enumerate(group):
            places[i] = _start(wanted, group, gap) + number * gap
    return places


def _start(wanted: Sequence[float], group: list[int], gap: float) -> float:
    return sum(wanted[i] for i in group) / len(group) - gap * (len(group) - 1) / 2


def _end(wanted: Sequence[float], group: list[int], gap: float) -> float:
    return _start(wanted, group, gap) + gap * (len(group) - 1)


def shortened(name: str, most: int) -> str:
    """A name of at most so many characters."""
    line = printable(name)
    return line if len(line) <= most else f"{line[: most - 1]}…"
