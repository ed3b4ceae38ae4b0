"""Text where the encoding lacks some of our characters (`LC_ALL=C`, Latin-1): look-alikes in ASCII."""

from __future__ import annotations

import codecs
import sys

_LOOKALIKES = {
    "…": "...", "→": "->", "×": "x", "±": "+-", "≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "–": "-", "µ": "u",
    "·": ".", "●": "*", "▬": "=", "«": "<<", "»": ">>", "§": "section ",
    "─": "-", "│": "|", "├": "|", "└": "`",
}  # fmt: skip


def write_in_any_encoding() -> None:
    """From here on, no character makes printing fail: what the encoding lacks is written otherwise."""
    codecs.register_error("lookalikes", _spell)
    for stream in (sys.stdout, sys.stderr):
        # A program that imports this may have put something else in a stream's place.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="lookalikes")


def _spell(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return b"".join(map(_spelling, error.object[error.start : error.end])), error.end


def _spelling(character: str) -> bytes:
    if "\udc80" <= character <= "\udcff":  # a byte of a file name that is no text goes out as it came in
        return bytes([ord(character) - 0xDC00])
    return _LOOKALIKES.get(character, "").encode() or character.encode("ascii", "backslashreplace")
