"""The binary format's numbers and names (§5.2): read, and written."""

from __future__ import annotations

_MOST_BITS = 70  # of LEB128: ten bytes hold 64


class EndlessNumberError(IndexError):
    """A number of more bytes than any has."""


class Reader:
    """A position in some bytes; IndexError where they end too early, or a number does not end."""

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
            if shift >= _MOST_BITS:
                raise EndlessNumberError(f"a number of more than {_MOST_BITS} bits, at byte {self.position}")


def unsigned(value: int) -> bytes:
    """LEB128 (§5.2.2), as short as it can be."""
    if value < 0x80:
        return _SHORT[value]
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value: int) -> bytes:
    """Signed LEB128."""
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def name(text: str) -> bytes:
    """A length and UTF-8 (§5.2.4)."""
    encoded = text.encode()
    return unsigned(len(encoded)) + encoded


_SHORT = [bytes([value]) for value in range(0x80)]
