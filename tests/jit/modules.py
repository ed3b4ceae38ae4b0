"""Modules built from bytes by hand: as text, these shapes would be slow or huge."""

from __future__ import annotations

from linocut.text.binary import signed, unsigned

I32, I64, F64 = b"\x7f", b"\x7e", b"\x7c"
UNREACHABLE, BLOCK, LOOP, IF, ELSE, END, BR, BR_IF = (
    b"\0",
    b"\2",
    b"\3",
    b"\4",
    b"\5",
    b"\x0b",
    b"\x0c",
    b"\x0d",
)
BR_TABLE, RETURN, CALL, DROP = b"\x0e", b"\x0f", b"\x10", b"\x1a"
EMPTY = b"\x40"
ADD = b"\x6a"


def const(value: int) -> bytes:
    """i32.const."""
    return b"\x41" + signed(value)


def get(local: int) -> bytes:
    """local.get."""
    return b"\x20" + unsigned(local)


def set_(local: int) -> bytes:
    """local.set."""
    return b"\x21" + unsigned(local)


def vector(items: list[bytes]) -> bytes:
    """A vector as the binary format writes it (§5.1.3)."""
    return unsigned(len(items)) + b"".join(items)


def function_type(params: list[bytes], results: list[bytes]) -> bytes:
    """A function type as the binary format writes it (§5.3.6)."""
    return b"\x60" + vector(params) + vector(results)


def body(code: bytes, locals: list[tuple[int, bytes]] | None = None) -> bytes:
    """A function body without its size; the last end is added to `code`."""
    return vector([unsigned(count) + type for count, type in locals or []]) + code + END


def module(types: list[bytes], functions: list[int], bodies: list[bytes], memory: bool = False) -> bytes:
    """A module of functions that are not exported; `functions` are the indices of their types."""
    sections = [(1, vector(types)), (3, vector([unsigned(f) for f in functions]))]
    sections += [(5, b"\1\0\1")] if memory else []
    sections += [(10, vector([unsigned(len(b)) + b for b in bodies]))]
    return b"\0asm\1\0\0\0" + b"".join(bytes([i]) + unsigned(len(s)) + s for i, s in sections)
