"""A module's fields (§6.6): each read from text, in two passes, into the sections of the binary format.

The first pass counts what there is and notes identifiers, as any field may name what only comes later; the
second reads everything. A kind of field is a row of `_FIELDS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from linocut.text.binary import unsigned
from linocut.wat.code import Code
from linocut.wat.customs import CustomSections
from linocut.wat.definitions import read_func, read_global, read_memory, read_table, read_tag
from linocut.wat.imports import read_export, read_import
from linocut.wat.names import name_section
from linocut.wat.sections import KINDS, MAGIC, SECTIONS, counted
from linocut.wat.segments import read_data, read_elem, read_start
from linocut.wat.spaces import IndexSpace
from linocut.wat.types import TypeSection
from linocut_isa import Space

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.wat.cursor import Cursor

__all__ = ["ModuleReader"]

_SPACES: Final = (
    Space.FUNC, Space.TABLE, Space.MEMORY, Space.TAG, Space.GLOBAL, Space.ELEM, Space.DATA,
)  # fmt: skip
_EXPORT_LENGTH: Final = 4  # the tokens of (export "name")
_INLINE: Final = {"memory": "data", "table": "elem"}
"""The segment that a definition may have in it."""


class ModuleReader:
    """One module that is read: its index spaces and sections."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.name: str | None = None
        self.types = TypeSection(cursor)
        self.spaces = {space: IndexSpace(space.value) for space in _SPACES}
        self.spaces[Space.TYPE] = self.types.space
        self.code = Code(cursor, self.types, self.spaces)
        self.customs = CustomSections(cursor, SECTIONS)
        self.locals: dict[int, IndexSpace] = {}
        self.labels: dict[int, dict[int, str]] = {}
        self.sections: dict[str, list[bytes]] = {section: [] for section in SECTIONS}
        self.hints: list[tuple[int, list[tuple[int, bytes]]]] = []
        self.counts = dict.fromkeys(KINDS, 0)  # how far the second pass is
        self._defined = ""  # the kind of thing that was defined last
        self.names_data = False

    def read(self) -> bytes:
        """Read fields up to the end of the module; its bytes."""
        fields = self._declare_all()
        next_type = 0
        for keyword, start in fields:
            if keyword in ("type", "rec"):
                self.cursor.at = start
                next_type = self.types.define(next_type)
        for keyword, start in fields:
            if keyword not in ("type", "rec"):
                self.cursor.at = start + 2
                _FIELDS[keyword].read(self)
        self.cursor.at = self._end
        return self._encoded()

    # ── the first pass ───────────────────────────────────────────────────────
    def _declare_all(self) -> list[tuple[str, int]]:
        """Count all fields' things; the fields' keywords and first tokens."""
        cursor = self.cursor
        fields = []
        while cursor.token[0] == "(":
            start = cursor.at
            if cursor.token != "(":
                self._annotation()
                continue
            keyword = cursor.tokens[start + 1]
            field = _FIELDS.get(keyword)
            if field is None:
                cursor.at += 1
                raise self._no_field(keyword)
            fields.append((keyword, start))
            end = cursor.form_end(start)
            cursor.at = start + 2
            field.declare(self, keyword, end)
            cursor.at = end
        self._end = cursor.at
        return fields

    def _no_field(self, keyword: str) -> Exception:
        if keyword[0].isalpha():
            return self.cursor.unknown("module field", _FIELDS)
        return self.cursor.unexpected("a module field")

    def _annotation(self) -> None:
        """What is annotated between fields: a custom section."""
        at = self.cursor.at
        word = self.cursor.take()
        if word != "(@custom":
            raise self.cursor.fault(f"misplaced {word[1:]} annotation", at)
        self.customs.read()

    def _declare(self, keyword: str, end: int) -> None:
        """Count a thing that can be imported."""
        cursor = self.cursor
        self.spaces[Space(keyword)].add(cursor)
        while cursor.opens("export"):
            cursor.at += _EXPORT_LENGTH
        at = cursor.at - 1
        if cursor.opens("import"):
            self._check_import(at)
            return
        self._defined = keyword
        inline = _INLINE.get(keyword)
        if inline and any(
            cursor.tokens[at] == "(" and cursor.tokens[at + 1] == inline for at in range(cursor.at, end)
        ):
            self.spaces[Space(inline)].count += 1

    def _check_import(self, at: int) -> None:
        if self._defined:
            word = "function" if self._defined == "func" else self._defined
            raise self.cursor.fault(f"import after {word}: all imports come first", at)

    def _declare_import(self, _: str, __: int) -> None:
        cursor = self.cursor
        self._check_import(cursor.at - 1)
        cursor.at += 2
        cursor.expect("(")
        kind = cursor.token
        if kind not in KINDS:
            raise cursor.unexpected(f"one of {', '.join(KINDS)}")
        cursor.at += 1
        self.spaces[Space(kind)].add(cursor)

    def _declare_one(self, keyword: str, _: int) -> None:
        self.spaces[Space(keyword)].add(self.cursor)

    def _declare_rec(self, _: str, __: int) -> None:
        cursor = self.cursor
        while cursor.opens("type"):
            end = cursor.form_end(cursor.at)
            cursor.at += 2
            self.spaces[Space.TYPE].add(cursor)
            cursor.at = end

    def _declare_nothing(self, _: str, __: int) -> None:
        pass

    def _read_nothing(self) -> None:
        pass

    # ── the module ───────────────────────────────────────────────────────────
    def _encoded(self) -> bytes:
        self.sections["type"] = self.types.groups
        contents = {
            section: unsigned(len(entries)) + b"".join(entries)
            for section, entries in self.sections.items()
            if entries
        }
        if self.sections["start"]:
            contents["start"] = self.sections["start"][0]
        if self.names_data:
            contents["datacount"] = unsigned(len(self.sections["data"]))
        if self.hints:
            self.customs.add_hints(self.hints)
        parts = [MAGIC]
        parts += self.customs.at_the_beginning()
        for section, number in SECTIONS.items():
            parts += self.customs.before(section)
            if section in contents:
                parts.append(bytes([number]) + counted(contents[section]))
            parts += self.customs.after(section)
        parts += self.customs.at_the_end()
        parts.append(name_section(self))
        return b"".join(parts)


class _Field(NamedTuple):
    """A kind of field: what notes it in the first pass, and what reads it in the second."""

    declare: Callable[[ModuleReader, str, int], None]
    read: Callable[[ModuleReader], None]


_M = ModuleReader
_FIELDS: Final = {
    "type": _Field(_M._declare_one, _M._read_nothing),
    "rec": _Field(_M._declare_rec, _M._read_nothing),
    "import": _Field(_M._declare_import, read_import),
    "func": _Field(_M._declare, read_func),
    "table": _Field(_M._declare, read_table),
    "memory": _Field(_M._declare, read_memory),
    "tag": _Field(_M._declare, read_tag),
    "global": _Field(_M._declare, read_global),
    "export": _Field(_M._declare_nothing, read_export),
    "start": _Field(_M._declare_nothing, read_start),
    "elem": _Field(_M._declare_one, read_elem),
    "data": _Field(_M._declare_one, read_data),
}
