"""Custom sections (§6.6.14): what `(@custom …)` asks for, and hints to branches, each at its place."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from linocut.text.binary import name, unsigned
from linocut.wat.sections import HINTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linocut.wat.cursor import Cursor

__all__ = ["CustomSections"]

_FIRST, _LAST = "first", "last"


class CustomSections:
    """A module's custom sections, by where they go."""

    def __init__(self, cursor: Cursor, sections: Iterable[str]) -> None:
        self._cursor = cursor
        self._known = {*sections, _FIRST, _LAST}
        self._at: dict[tuple[str, str], list[bytes]] = defaultdict(list)

    def read(self) -> None:
        """Read the rest of `(@custom`."""
        cursor = self._cursor
        if cursor.token[0] != '"':
            raise cursor.fault("@custom annotation: missing section name")
        title = cursor.name()
        place = self._place()
        content = cursor.strings()
        if cursor.token != ")":
            raise cursor.fault("@custom annotation: unexpected token: expected a string or ')'")
        cursor.at += 1
        self._at[place].append(_section(title, content))

    def _place(self) -> tuple[str, str]:
        """`(before …)` or `(after …)` a section; behind all where neither is written."""
        cursor = self._cursor
        if cursor.token != "(":
            return "after", _LAST
        where, section = cursor.tokens[cursor.at + 1 : cursor.at + 3]
        if where not in ("before", "after"):
            raise cursor.fault("@custom annotation: malformed placement: expected '(before' or '(after'")
        if section not in self._known:
            raise cursor.fault(f"@custom annotation: malformed section kind: {section!r}")
        cursor.at += 3
        cursor.expect(")")
        return where, section

    def add_hints(self, hints: list[tuple[int, list[tuple[int, bytes]]]]) -> None:
        """Add the section of hints to branches: by function, each with its offset in the body."""
        content = unsigned(len(hints))
        for function, found in hints:
            entries = b"".join(unsigned(at) + unsigned(len(hint)) + hint for at, hint in found)
            content += unsigned(function) + unsigned(len(found)) + entries
        self._at["before", "code"].append(_section(HINTS, content))

    def before(self, section: str) -> list[bytes]:
        """Those that go before a section, or the place where that would be."""
        return self._at["before", section]

    def after(self, section: str) -> list[bytes]:
        """Those that go behind it."""
        return self._at["after", section]

    def at_the_beginning(self) -> list[bytes]:
        """Those that go before all sections."""
        return self._at["before", _FIRST] + self._at["after", _FIRST]

    def at_the_end(self) -> list[bytes]:
        """Those that go behind all sections."""
        return self._at["before", _LAST] + self._at["after", _LAST]


def _section(title: str, content: bytes) -> bytes:
    body = name(title) + content
    return b"\0" + unsigned(len(body)) + body
