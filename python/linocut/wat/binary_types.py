"""Types read from the binary format (§5.3) and written as text (§6.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from linocut.text.immediates import read_value_type
from linocut.text.instructions import value_type_text
from linocut.wat.identifiers import heads_of, listed
from linocut_isa import Space

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.text.binary import Reader
    from linocut.text.instructions import Scope

__all__ = ["FuncText", "TypeReader", "memory_type_text", "storage_text", "table_type_text"]

_REC, _SUB, _SUB_FINAL = 0x4E, 0x50, 0x4F
_DESCRIPTIONS: Final = {0x4C: "describes", 0x4D: "descriptor"}
_FUNC, _STRUCT, _ARRAY, _CONT = 0x60, 0x5F, 0x5E, 0x5D
_MAXIMUM, _SHARED, _WIDE, _PAGE_SIZE = 1, 2, 4, 8  # flags of limits
_MOST_PAGE_BITS = 63
_PACKED: Final = {0x78: "i8", 0x77: "i16"}


_NamesByType = dict[int, dict[int, str]]


class FuncText(NamedTuple):
    """A function's type, each value type as text."""

    params: tuple[str, ...]
    results: tuple[str, ...]


class TypeReader:
    """Reads the type section, and knows from then on which types are functions'."""

    def __init__(self, scope: Scope, fields: _NamesByType, params: _NamesByType) -> None:
        self._scope = scope
        self._fields, self._params = fields, params
        self.functions: dict[int, FuncText] = {}
        """By index."""
        self._count = 0

    def lines(self, reader: Reader, heads: Iterator[str]) -> Iterator[str]:
        """The definitions; `heads` are the types' identifiers, one after the other."""
        for _ in range(reader.unsigned()):
            if reader.data[reader.position] != _REC:
                yield f"(type {self._entry(reader, heads)})"
                continue
            reader.byte()
            group = [f"(type {self._entry(reader, heads)})" for _ in range(reader.unsigned())]
            yield f"(rec {' '.join(group)})" if group else "(rec)"

    def _entry(self, reader: Reader, heads: Iterator[str]) -> str:
        index, self._count = self._count, self._count + 1
        head, form = next(heads), reader.byte()
        if form not in (_SUB, _SUB_FINAL):
            return f"{head} {self._described(form, reader, index)}"
        supers = [self._scope.called(Space.TYPE, reader.unsigned()) for _ in range(reader.unsigned())]
        words = ["sub", *(["final"] if form == _SUB_FINAL else []), *supers]
        return f"{head} ({' '.join(words)} {self._described(reader.byte(), reader, index)})"

    def _described(self, form: int, reader: Reader, index: int) -> str:
        parts = []
        while form in _DESCRIPTIONS:
            parts.append(f"({_DESCRIPTIONS[form]} {self._scope.called(Space.TYPE, reader.unsigned())})")
            form = reader.byte()
        return " ".join([*parts, self._composite(form, reader, index)])

    def _composite(self, form: int, reader: Reader, index: int) -> str:
        if form == _FUNC:
            function = self.functions[index] = FuncText(self._values(reader), self._values(reader))
            params = listed("param", function.params, heads_of(self._params.get(index, {})))
            return f"(func{params}{listed('result', function.results)})"
        if form == _STRUCT:
            fields = [storage_text(reader, self._scope) for _ in range(reader.unsigned())]
            return f"(struct{listed('field', fields, heads_of(self._fields.get(index, {})))})"
        if form == _ARRAY:
            return f"(array {storage_text(reader, self._scope)})"
        if form == _CONT:
            return f"(cont {self._scope.called(Space.TYPE, reader.signed())})"
        raise ValueError(f"unknown form of a type: {form:#04x}")

    def _values(self, reader: Reader) -> tuple[str, ...]:
        return tuple(value_type_text(read_value_type(reader), self._scope) for _ in range(reader.unsigned()))


def storage_text(reader: Reader, scope: Scope) -> str:
    """A field's or global's type: that of its values, and whether it may change."""
    byte = reader.data[reader.position]
    if byte in _PACKED:
        reader.byte()
        text = _PACKED[byte]
    else:
        text = value_type_text(read_value_type(reader), scope)
    mutability = reader.byte()
    if mutability > 1:
        raise ValueError(f"malformed mutability: {mutability}")
    return f"(mut {text})" if mutability else text


def table_type_text(reader: Reader, scope: Scope) -> str:
    """A table's type: that of addresses if it is not i32, limits, that of elements."""
    type_ = value_type_text(read_value_type(reader), scope)
    flags = reader.byte()
    if flags & ~(_MAXIMUM | _WIDE):
        raise ValueError(f"malformed limits flags of a table: {flags}")
    return f"{_limits(reader, flags)} {type_}"


def memory_type_text(reader: Reader) -> str:
    """A memory's type: that of addresses if it is not i32, limits, whether it is shared, pages' size."""
    flags = reader.byte()
    if flags & ~(_MAXIMUM | _SHARED | _WIDE | _PAGE_SIZE):
        raise ValueError(f"malformed limits flags of a memory: {flags}")
    text = _limits(reader, flags) + (" shared" if flags & _SHARED else "")
    if not flags & _PAGE_SIZE:
        return text
    bits = reader.unsigned()
    if bits > _MOST_PAGE_BITS:
        raise ValueError(f"invalid custom page size: two to the power of {bits}")
    return f"{text} (pagesize {1 << bits})"


def _limits(reader: Reader, flags: int) -> str:
    numbers = [reader.unsigned() for _ in range(2 if flags & _MAXIMUM else 1)]
    return " ".join((["i64"] if flags & _WIDE else []) + [str(number) for number in numbers])
