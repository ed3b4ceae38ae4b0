"""The binary format's numbers and names (§5.2), read out of bytes that are known to be well formed."""

from __future__ import annotations


class Reader:
    """A position in some bytes; IndexError where they end too early."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data = data
        self.position = position

    @property
    def is_done(self) -> bool:
        """Whether everything has been read."""
        return self.position >= len(self.data)

    def byte(self) -> int:
        """The next byte."""
        self.position += 1
        return self.data[self.position - 1]

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        start, self.position = self.position, self.position + count
        if self.position > len(self.data):
            raise IndexError(f"{count} bytes at {start} reach beyond the end")
        return self.data[start : self.position]

    def unsigned(self) -> int:
        """An unsigned LEB128 number (§5.2.2)."""
        return self._leb128()[0]

    def signed(self) -> int:
        """A signed LEB128 number."""
        value, shift = self._leb128()
        return value - (1 << shift) if value >> (shift - 1) else value

    def name(self) -> str:
        """A length and UTF-8 (§5.2.4)."""
        return self.take(self.unsigned()).decode()

    def _leb128(self) -> tuple[int, int]:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value, shift
