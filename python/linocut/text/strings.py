"""String literals of the text format (§6.3.3): any bytes at all, written as characters and escapes."""

from __future__ import annotations

import re

LITERAL = r'"[^"\\]*+(?:\\.[^"\\]*+)*"'
"""A pattern for a whole literal, to be compiled with DOTALL."""

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F][0-9a-fA-F_]*+)\}|([0-9a-fA-F]{2})|(.))", re.DOTALL)
_MOST_SHOWN = 20  # characters of an escape in a message
_NAMED = {"t": "\t", "n": "\n", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


def unescape(body: str) -> bytes:
    """The bytes that the literal between the quotes denotes; ValueError for an unknown escape.

    >>> unescape(r"a\\00\\u{e9}\\n")
    b'a\\x00\\xc3\\xa9\\n'
    """
    if "\\" not in body:
        return body.encode()
    parts: list[bytes] = []
    position = 0
    for match in _ESCAPE.finditer(body):
        parts.append(body[position : match.start()].encode())
        parts.append(_escaped(match))
        position = match.end()
    if body.endswith("\\", position):
        raise ValueError("a string ends within an escape")
    parts.append(body[position:].encode())
    return b"".join(parts)


def _escaped(match: re.Match[str]) -> bytes:
    scalar, byte, letter = match.groups()
    if byte is not None:
        return bytes.fromhex(byte)
    if scalar is not None:
        return _character(scalar).encode()
    if letter not in _NAMED:
        raise ValueError(f"unknown escape \\{letter} in a string")
    return _NAMED[letter].encode()


def _character(digits: str) -> str:
    if digits.endswith("_") or "__" in digits:
        raise ValueError(f"unknown escape \\u{{{digits[:_MOST_SHOWN]}}} in a string")
    scalar = int(digits.replace("_", ""), 16)
    if scalar > 0x10FFFF or 0xD800 <= scalar < 0xE000:
        raise ValueError(f"\\u{{{digits[:_MOST_SHOWN]}}} in a string is no Unicode scalar value")
    return chr(scalar)
