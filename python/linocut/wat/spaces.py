"""Index spaces (§2.5.1): what each identifier of a module, a function or a struct stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.text.binary import unsigned
from linocut.wat.cursor import is_index

if TYPE_CHECKING:
    from linocut.wat.cursor import Cursor

__all__ = ["IndexSpace"]

_MOST_KEPT = 1 << 16  # spellings of indices whose bytes are remembered


class IndexSpace:
    """The things of one kind, as they are counted, and their identifiers."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.count = 0
        self.indices: dict[str, int] = {}
        self.names: dict[int, str] = {}
        """What the name section calls them."""
        self._bytes: dict[str, bytes] = {}

    def add(self, cursor: Cursor) -> int:
        """Count one more thing, with the identifier and the `@name` that may be next; its index."""
        index = self.count
        self.count += 1
        at = cursor.at
        if (identifier := cursor.identifier()) is not None:
            if self.indices.setdefault(identifier, index) != index:
                raise cursor.fault(f"duplicate {self.word}: {identifier} is there already", at)
            self.names[index] = identifier[1:]
        if cursor.accept("(@name"):
            self.names[index] = cursor.name()
            cursor.expect(")")
        return index

    def index(self, cursor: Cursor) -> int:
        """The index that is next, as a number or an identifier."""
        token = cursor.token
        if not is_index(token):
            raise cursor.unexpected(f"a {self.word} index")
        if token[0] != "$":
            return cursor.number(32)
        if token not in self.indices:
            raise cursor.unknown(self.word, self.indices)
        cursor.at += 1
        return self.indices[token]

    def bytes(self, cursor: Cursor) -> bytes:
        """The index that is next, as the binary format has it."""
        token = cursor.token
        found = self._bytes.get(token)
        if found is not None:
            cursor.at += 1
            return found
        found = unsigned(self.index(cursor))
        if len(self._bytes) < _MOST_KEPT:
            self._bytes[token] = found
        return found
