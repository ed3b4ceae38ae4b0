"""Columns of text beside each other in a terminal, or one under the other where it is narrow."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HUES = ("36", "33", "35", "32", "34", "31")  # cyan, yellow, magenta, green, blue, red
_BOLD, _FAINT, _RESET = "\033[1m", "\033[2m", "\033[0m"
_GAP = 2
_NARROWEST = 30  # a column with less says little


@dataclass(frozen=True)
class Block:
    """Lines that belong together, by column; `hue` pairs them, or None for none. `heading` goes before."""

    columns: Sequence[Sequence[str]]
    hue: int | None = None
    heading: str = ""


@dataclass(frozen=True)
class Screen:
    """The terminal or file that is written to: its width in characters, and whether it shows colours."""

    width: int
    colour: bool

    @classmethod
    def of(cls, stream: TextIO) -> Screen:
        """Colours on a terminal only, unless NO_COLOR is set."""
        colour = stream.isatty() and not os.environ.get("NO_COLOR")
        return cls(shutil.get_terminal_size((160, 24)).columns, colour)

    def bold(self, text: str) -> str:
        """The text in bold, for headings."""
        return f"{_BOLD}{text}{_RESET}" if self.colour and text else text

    def faint(self, text: str) -> str:
        """The text in a faint colour, for explanations."""
        return f"{_FAINT}{text}{_RESET}" if self.colour and text else text

    def hued(self, text: str, hue: int | None) -> str:
        """The text in one of a few colours, which repeat."""
        if not self.colour or hue is None or not text.strip():
            return text
        return f"\033[{_HUES[hue % len(_HUES)]}m{text}{_RESET}"


def pane_lines(titles: Sequence[str], blocks: Sequence[Block], screen: Screen) -> Iterator[str]:
    """All blocks under their columns' titles."""
    widths = _widths(titles, blocks, screen.width)
    if widths is None:
        yield from _stacked(titles, blocks, screen)
        return
    yield screen.bold(_joined(titles, widths))
    for block in blocks:
        if block.heading:
            yield screen.bold(block.heading)
        for cells in zip_longest(*block.columns, fillvalue=""):
            yield screen.hued(_joined(cells, widths), block.hue)


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (_cut(cell, width).ljust(width) for cell, width in zip(cells, widths, strict=True))
    return (" " * _GAP).join(padded).rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _widths(titles: Sequence[str], blocks: Sequence[Block], room: int) -> list[int] | None:
    """Each column as wide as its lines; the widest shrink until all fit, or None if there is no room."""
    widths = [
        max([len(title), *(len(line) for block in blocks for line in block.columns[i])])
        for i, title in enumerate(titles)
    ]
    room -= _GAP * (len(widths) - 1)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= _NARROWEST:
            return None
        widths[widest] -= 1
    return widths


def _stacked(titles: Sequence[str], blocks: Sequence[Block], screen: Screen) -> Iterator[str]:
    """The first column at the margin, the others indented under it, each with its title."""
    first, *others = titles
    yield screen.bold(f"{first}, under it {' and '.join(others)}")
    for block in blocks:
        if block.heading:
            yield screen.bold(block.heading)
        yield from (screen.hued(_cut(line, screen.width), block.hue) for line in block.columns[0])
        for title, lines in zip(others, block.columns[1:], strict=True):
            if lines:
                yield screen.faint(f"  {title}:")
            yield from (screen.hued(_cut(f"    {line}", screen.width), block.hue) for line in lines)
