"""How a table fits a terminal: the parts of a cell, the widths of columns, the columns of a block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.bench.report.units import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.bench.report.table import Table

GAP = "  "
_LEAST_TEXT = 12  # narrower words are only fragments


@dataclass(frozen=True)
class Layout:
    """`parts[i]`: the widths of the shown parts of column i; `widths[i]`: of the whole column."""

    parts: tuple[tuple[int, ...], ...]
    widths: tuple[int, ...]

    @property
    def width(self) -> int:
        """The width of all columns in one line."""
        return sum(self.widths) + len(GAP) * (len(self.widths) - 1)


def fit(table: Table, width: int) -> Layout:
    """As many parts as there is room for; then text is made narrower, which will wrap it."""
    levels = max((len(cell.parts) for row in table.rows for cell in row), default=1)
    for level in range(levels, 0, -1):
        layout = _layout(table, level)
        if layout.width <= width:
            return layout
    return _narrowed(table, layout, width)


def _layout(table: Table, level: int) -> Layout:
    parts = []
    for i in range(len(table.columns)):
        shown = [[len(printable(part)) for part in row[i].parts[:level]] for row in table.rows]
        deep = max(map(len, shown), default=0)
        parts.append(tuple(max(one[k] for one in shown if k < len(one)) for k in range(deep)))
    widths = (
        max(len(printable(column.head)), sum(part) + len(part) - 1)
        for column, part in zip(table.columns, parts, strict=True)
    )
    return Layout(tuple(parts), tuple(widths))


def _narrowed(table: Table, layout: Layout, width: int) -> Layout:
    """The widest text gives first; where that is not enough, text has its fair share and no less."""
    widths = list(layout.widths)
    texts = [i for i, column in enumerate(table.columns) if column.text]
    for i in sorted(texts, key=lambda i: -widths[i]):
        excess = Layout(layout.parts, tuple(widths)).width - width
        widths[i] -= max(0, min(excess, widths[i] - _LEAST_TEXT))
    if Layout(layout.parts, tuple(widths)).width > width:
        share = max(_LEAST_TEXT, width // 3)
        widths = [min(own, share) if i in texts else own for i, own in enumerate(layout.widths)]
    return Layout(layout.parts, tuple(widths))


def blocks(layout: Layout, width: int) -> Iterator[list[int]]:
    """The columns' numbers, in as many blocks as needed; each begins with the first column."""
    block, used = [0], layout.widths[0]
    for i, column in enumerate(layout.widths[1:], start=1):
        if len(block) > 1 and used + len(GAP) + column > width:
            yield block
            block, used = [0], layout.widths[0]
        block.append(i)
        used += len(GAP) + column
    yield block
