"""A table as the terminal, the HTML page and Markdown all show it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What a cell should tell at a glance."""

    PLAIN = "plain"
    BEST = "best"
    OURS = "ours"
    WRONG = "wrong"
    FAINT = "faint"


@dataclass(frozen=True)
class Cell:
    """Text in parts, the most important first: where room is short the last ones are left out.

    `value` is what the column is sorted by; NaN comes last.
    """

    parts: tuple[str, ...]
    value: float = math.nan
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True)
class Column:
    """A heading; text stands to the left and may be wrapped, figures stand to the right."""

    head: str
    text: bool = False
    ours: bool = False


@dataclass(frozen=True)
class Table:
    """A title, rows of cells (the last `totals` of them sum up the others) and remarks below."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: int = 0
    notes: tuple[str, ...] = ()


def text(*parts: str, mark: Mark = Mark.PLAIN) -> Cell:
    """A cell of words."""
    return Cell(parts, mark=mark)


def figure(value: float, *parts: str, mark: Mark = Mark.PLAIN) -> Cell:
    """A cell of a number; faint if it is none."""
    return Cell(parts, value, mark if math.isfinite(value) else Mark.FAINT)
