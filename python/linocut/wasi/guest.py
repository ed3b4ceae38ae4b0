"""The guest's memory as WASI functions see it: every address and length is checked before use."""

from __future__ import annotations

from struct import Struct, error
from struct import unpack_from as _unpack_from

from linocut.wasi import errno
from linocut.wasi.errno import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from linocut import Memory

# Linux's UIO_MAXIOV and PATH_MAX: what the host takes in one call, and so a bound on work per guest call.
MAX_IOVECS = 1024
MAX_PATH = 4096

_U32 = Struct("<I")
_U64 = Struct("<Q")


class Guest:
    """Reads and writes little-endian values at guest addresses; out of bounds is Failure(FAULT)."""

    __slots__ = ("_memory", "_view")

    def __init__(self, memory: Memory | None = None) -> None:
        self.bind(memory)

    def bind(self, memory: Memory | None) -> None:
        """Gives the memory that all addresses are in; None takes it away."""
        self._memory: Memory | None = memory
        self._view = self._look()

    def view(self, address: int, length: int) -> memoryview:
        """The guest's bytes themselves, not a copy."""
        end = address + length
        if end > len(self._view):
            self._follow_growth(end)
        return self._view[address:end]

    def check_bounds(self, address: int, length: int) -> None:
        """Fails if it is out of bounds; called before a side effect whose result is to be written there."""
        if address + length > len(self._view):
            self._follow_growth(address + length)

    def copy(self, address: int, length: int) -> bytes:
        """The guest's bytes at this moment."""
        return bytes(self.view(address, length))

    def path(self, address: int, length: int) -> bytes:
        """A path as the host takes it; any bytes but NUL, since Linux file names are bytes."""
        if length >= MAX_PATH:
            raise Failure(errno.NAMETOOLONG)
        path = self.copy(address, length)
        if b"\0" in path:
            raise Failure(errno.INVAL)
        return path

    def buffers(self, iovecs: int, count: int) -> list[memoryview]:
        """The buffers of an array of (address, length)."""
        if count > MAX_IOVECS:
            raise Failure(errno.INVAL)
        pairs = _unpack_from(f"<{2 * count}I", self.view(iovecs, 8 * count))
        return [self.view(pairs[i], pairs[i + 1]) for i in range(0, 2 * count, 2)]

    def put(self, address: int, data: bytes) -> None:
        """Copies bytes to the guest."""
        self.view(address, len(data))[:] = data

    def put_u32(self, address: int, value: int) -> None:
        """Writes a u32."""
        self.pack(_U32, address, value)

    def put_u64(self, address: int, value: int) -> None:
        """Writes a u64, or an s64 in two's complement."""
        self.pack(_U64, address, value & 0xFFFF_FFFF_FFFF_FFFF)

    def pack(self, layout: Struct, address: int, *values: Any) -> None:
        """Writes the fields of a record."""
        try:
            layout.pack_into(self._view, address, *values)
        except error:  # out of bounds, or the memory has grown since the view was made
            layout.pack_into(self.view(address, layout.size), 0, *values)

    def unpack(self, layout: Struct, address: int) -> tuple[Any, ...]:
        """Reads the fields of a record."""
        return layout.unpack_from(self.view(address, layout.size))

    def _follow_growth(self, end: int) -> None:
        """Makes a new view if the memory has grown beyond the old one, which keeps its length; else FAULT."""
        self._view = self._look()
        if end > len(self._view):
            raise Failure(errno.FAULT)

    def _look(self) -> memoryview:
        # Without a memory every address is out of bounds.
        return memoryview(bytearray() if self._memory is None else self._memory)
