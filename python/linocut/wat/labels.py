"""The labels of the blocks that are open (§6.5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.text.binary import unsigned

if TYPE_CHECKING:
    from linocut.wat.cursor import Cursor

__all__ = ["Labels"]


class Labels:
    """One function's labels: as they may hide each other, each has the depths of its blocks, in order."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        """By the number of a block in the function."""
        self._blocks = 0
        self._depth = 0
        self._depths: dict[str, list[int]] = {}

    def enter(self, label: str | None) -> None:
        """Begin a block, whose label is known from here on."""
        self._depth += 1
        if label is not None:
            self._depths.setdefault(label, []).append(self._depth)
            self.names[self._blocks] = label[1:]
        self._blocks += 1

    def leave(self, label: str | None) -> None:
        """End the innermost block, which has that label."""
        self._depth -= 1
        if label is not None:
            self._depths[label].pop()

    def read(self, cursor: Cursor) -> bytes:
        """The label that is next, by how many blocks it is further out."""
        token = cursor.token
        if token[0] != "$":
            return unsigned(cursor.number(32, "a label"))
        depths = self._depths.get(token)
        if not depths:
            raise cursor.unknown("label", [label for label, depths in self._depths.items() if depths])
        cursor.at += 1
        return unsigned(self._depth - depths[-1])
