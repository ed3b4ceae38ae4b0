"""Where a memory access goes (§6.5.9): a memory, `offset=` and `align=`, each of which may be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.text.immediates import MemArg, immediate_bytes
from linocut.text.numbers import integer_bits
from linocut.wat.cursor import is_index
from linocut_isa import Encoding

if TYPE_CHECKING:
    from linocut.wat.cursor import Cursor
    from linocut.wat.spaces import IndexSpace

__all__ = ["read_memarg"]


def read_memarg(cursor: Cursor, memories: IndexSpace, natural: int, has_lane: bool) -> bytes:
    """The memarg that is next, of an access with that natural alignment; a lane may stand behind it."""
    memory = memories.index(cursor) if _names_memory(cursor, has_lane) else 0
    offset, align = 0, natural
    if cursor.token.startswith("offset="):
        offset = cursor.value(_offset)
    if cursor.token.startswith("align="):
        align = cursor.value(_alignment)
    return immediate_bytes(MemArg(align, offset, memory), Encoding.MEMARG)


def _names_memory(cursor: Cursor, has_lane: bool) -> bool:
    """Whether an index is next that is a memory's: a lane is one that nothing of the memarg follows."""
    if not is_index(cursor.token):
        return False
    behind = cursor.tokens[cursor.at + 1]
    return not has_lane or is_index(behind) or behind.startswith(("offset=", "align="))


def _offset(token: str) -> int:
    return _natural(token.removeprefix("offset="))


def _alignment(token: str) -> int:
    """As a logarithm."""
    align = _natural(token.removeprefix("align="))
    if align == 0 or align & (align - 1):
        raise ValueError("alignment must be a power of two")
    return align.bit_length() - 1


def _natural(literal: str) -> int:
    if not literal[:1].isdigit():
        raise ValueError(f"unexpected token: expected a number without a sign, found {literal[:20]!r}")
    return integer_bits(literal, 64)
