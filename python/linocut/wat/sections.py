"""The binary format's sections (§5.5), as the text format calls them."""

from __future__ import annotations

from typing import Final

from linocut.text.binary import unsigned

__all__ = ["END", "HINTS", "KINDS", "MAGIC", "SECTIONS", "counted"]

MAGIC: Final = b"\0asm\1\0\0\0"
END: Final = b"\x0b"
"""The end of an expression."""
SECTIONS: Final = {
    "type": 1, "import": 2, "func": 3, "table": 4, "memory": 5, "tag": 13, "global": 6, "export": 7,
    "start": 8, "elem": 9, "datacount": 12, "code": 10, "data": 11,
}  # fmt: skip
"""The sections' ids, in their order."""
HINTS: Final = "metadata.code.branch_hint"
"""The custom section of hints to branches (§A.5)."""
KINDS: Final = {"func": 0, "table": 1, "memory": 2, "global": 3, "tag": 4}
"""What can be imported and exported (§5.5.5)."""


def counted(content: bytes) -> bytes:
    """The bytes with their number before them."""
    return unsigned(len(content)) + content
