"""What follows an opcode, by how it is encoded (§5.4): read from bytes, and written to bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from linocut.text.binary import Reader, signed, unsigned
from linocut_isa import Encoding

if TYPE_CHECKING:
    from collections.abc import Callable

NAMED_MEMORY = 0x40  # bit of a memory access's alignment: a memory index follows
_REF_NULL, _REF, _EXACT = 0x63, 0x64, 0x62
_LANES = 16
_NO_TAG = 2  # the first kind of clause of try_table that names no tag
_SWITCH = 1  # the kind of clause of resume that names no label


class Exact(int):
    """The index of a type, as the heap type that is this one and none below it (custom descriptors)."""

    __slots__ = ()


class MemArg(NamedTuple):
    """How a memory access says where (§5.4.6); the alignment is a logarithm."""

    align: int
    offset: int
    memory: int = 0


def read_immediate(reader: Reader, encoding: Encoding) -> Any:
    """The immediate's value: a number, a float's or vector's bits as a number, a MemArg, or a tuple.

    A heap type or block type is negative where it is a byte, as in the binary format.

    >>> read_immediate(Reader(bytes([0x42, 1, 16])), Encoding.MEMARG)
    MemArg(align=2, offset=16, memory=1)
    """
    return _READERS[encoding](reader)


def immediate_bytes(value: Any, encoding: Encoding) -> bytes:
    """The bytes that `read_immediate` reads that value from.

    >>> immediate_bytes((0, 1, 2), Encoding.LABELS)
    b'\\x02\\x00\\x01\\x02'
    """
    return _WRITERS[encoding](value)


# ── reading ──────────────────────────────────────────────────────────────────
def _read_bits(count: int) -> Callable[[Reader], int]:
    return lambda reader: int.from_bytes(reader.take(count), "little")


def _read_memarg(reader: Reader) -> MemArg:
    flags = reader.unsigned()
    memory = reader.unsigned() if flags & NAMED_MEMORY else 0
    return MemArg(flags & ~NAMED_MEMORY, reader.unsigned(), memory)


def _read_labels(reader: Reader) -> tuple[int, ...]:
    return tuple(reader.unsigned() for _ in range(reader.unsigned() + 1))


def _read_types(reader: Reader) -> tuple[int | tuple[int, int], ...]:
    return tuple(read_value_type(reader) for _ in range(reader.unsigned()))


def read_value_type(reader: Reader) -> int | tuple[int, int]:
    """A value type: its byte, or that and the heap type of a reference."""
    byte = reader.byte()
    return (byte, _read_heap_type(reader)) if byte in (_REF_NULL, _REF) else byte


def _read_heap_type(reader: Reader) -> int:
    if reader.data[reader.position] == _EXACT:
        reader.byte()
        return Exact(reader.signed())
    return reader.signed()


def _read_block_type(reader: Reader) -> int | tuple[int, int]:
    if reader.data[reader.position] in (_REF_NULL, _REF):
        return reader.byte(), _read_heap_type(reader)
    return reader.signed()


def _read_catches(reader: Reader) -> tuple[tuple[int, ...], ...]:
    return tuple(_read_clause(reader, 1 if kind >= _NO_TAG else 2, kind) for kind in _kinds(reader))


def _read_handlers(reader: Reader) -> tuple[tuple[int, ...], ...]:
    return tuple(_read_clause(reader, 1 if kind == _SWITCH else 2, kind) for kind in _kinds(reader))


def _kinds(reader: Reader) -> Any:
    return (reader.byte() for _ in range(reader.unsigned()))


def _read_clause(reader: Reader, indices: int, kind: int) -> tuple[int, ...]:
    return (kind, *(reader.unsigned() for _ in range(indices)))


_READERS: dict[Encoding, Callable[[Reader], Any]] = {
    Encoding.U32: Reader.unsigned,
    Encoding.S32: Reader.signed,
    Encoding.S33: Reader.signed,
    Encoding.S64: Reader.signed,
    Encoding.BYTE: Reader.byte,
    Encoding.BYTES_4: _read_bits(4),
    Encoding.BYTES_8: _read_bits(8),
    Encoding.BYTES_16: _read_bits(_LANES),
    Encoding.MEMARG: _read_memarg,
    Encoding.LABELS: _read_labels,
    Encoding.TYPES: _read_types,
    Encoding.CATCHES: _read_catches,
    Encoding.HANDLERS: _read_handlers,
    Encoding.BLOCK_TYPE: _read_block_type,
    Encoding.HEAP_TYPE: _read_heap_type,
}


# ── writing ──────────────────────────────────────────────────────────────────
def _memarg_bytes(value: MemArg) -> bytes:
    align, offset, memory = value
    named = unsigned(align | NAMED_MEMORY) + unsigned(memory) if memory else unsigned(align)
    return named + unsigned(offset)


def _heap_type_bytes(value: int) -> bytes:
    return bytes([_EXACT]) + signed(value) if isinstance(value, Exact) else signed(value)


def _type_bytes(value: int | tuple[int, int]) -> bytes:
    return bytes([value]) if isinstance(value, int) else bytes([value[0]]) + _heap_type_bytes(value[1])


def _block_type_bytes(value: int | tuple[int, int]) -> bytes:
    return signed(value) if isinstance(value, int) else _type_bytes(value)


def _clauses_bytes(value: tuple[tuple[int, ...], ...]) -> bytes:
    return unsigned(len(value)) + b"".join(bytes([kind]) + _indices(rest) for kind, *rest in value)


def _indices(value: list[int] | tuple[int, ...]) -> bytes:
    return b"".join(map(unsigned, value))


_WRITERS: dict[Encoding, Callable[[Any], bytes]] = {
    Encoding.U32: unsigned,
    Encoding.S32: signed,
    Encoding.S33: signed,
    Encoding.S64: signed,
    Encoding.BYTE: lambda value: bytes([value]),
    Encoding.BYTES_4: lambda value: value.to_bytes(4, "little"),
    Encoding.BYTES_8: lambda value: value.to_bytes(8, "little"),
    Encoding.BYTES_16: lambda value: value.to_bytes(_LANES, "little"),
    Encoding.MEMARG: _memarg_bytes,
    Encoding.LABELS: lambda value: unsigned(len(value) - 1) + _indices(value),
    Encoding.TYPES: lambda value: unsigned(len(value)) + b"".join(map(_type_bytes, value)),
    Encoding.CATCHES: _clauses_bytes,
    Encoding.HANDLERS: _clauses_bytes,
    Encoding.BLOCK_TYPE: _block_type_bytes,
    Encoding.HEAP_TYPE: _heap_type_bytes,
}
