"""Element and data segments (§5.5.12, §5.5.14) as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linocut.text.immediates import read_value_type
from linocut.text.instructions import value_type_text
from linocut.text.names import literal
from linocut.wat.binary_code import expression, folded
from linocut_isa import Space

if TYPE_CHECKING:
    from linocut.text.binary import Reader
    from linocut.text.instructions import Scope

__all__ = ["data_text", "elem_text"]

# In flags. The second says that a table or memory is named; of passive elements, that they are only declared.
_PASSIVE, _NAMED, _DECLARED, _EXPRESSIONS = 1, 2, 3, 4
_MOST_ELEM, _MOST_DATA = 7, 2
_FIRST_KIND: Final = "func"


def elem_text(reader: Reader, scope: Scope, head: str) -> str:
    """`(elem …)`; it names its table where the bytes do."""
    flags = reader.unsigned()
    if flags > _MOST_ELEM:
        raise ValueError(f"malformed elements segment kind: {flags}")
    parts = ["elem", head]
    if flags & _DECLARED == _DECLARED:
        parts.append("declare")
    elif not flags & _PASSIVE:
        if flags & _NAMED:
            parts.append(f"(table {scope.called(Space.TABLE, reader.unsigned())})")
        parts.append(folded("offset", expression(reader, scope)))
    parts.append(_kind(reader, scope, flags))
    if flags & _EXPRESSIONS:
        parts += [folded("item", expression(reader, scope)) for _ in range(reader.unsigned())]
    else:
        parts += [scope.called(Space.FUNC, reader.unsigned()) for _ in range(reader.unsigned())]
    return f"({' '.join(parts)})"


def _kind(reader: Reader, scope: Scope, flags: int) -> str:
    """What the elements are: functions, or expressions of a type."""
    if not flags & _DECLARED:
        return "funcref" if flags & _EXPRESSIONS else _FIRST_KIND
    if flags & _EXPRESSIONS:
        return value_type_text(read_value_type(reader), scope)
    if kind := reader.byte():
        raise ValueError(f"malformed kind of elements: {kind}")
    return _FIRST_KIND


def data_text(reader: Reader, scope: Scope, head: str) -> str:
    """`(data …)`."""
    flags = reader.unsigned()
    if flags > _MOST_DATA:
        raise ValueError(f"malformed data segment kind: {flags}")
    parts = ["data", head]
    if flags & _NAMED and (memory := reader.unsigned()):
        parts.append(f"(memory {scope.called(Space.MEMORY, memory)})")
    if not flags & _PASSIVE:
        parts.append(folded("offset", expression(reader, scope)))
    return f"({' '.join(parts)} {literal(reader.take(reader.unsigned()))})"
