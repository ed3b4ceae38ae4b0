"""Flips one bit of the constant that an exploded file compares with, in its bytes: the file must then fail.

This knows nothing of how files are written, only that each ends with a comparison: read backwards, the end of
the function, `if unreachable end`, and `T.const C, T.ne` (for vectors two of them and an i32.or).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

# i32.const or i64.const, C in LEB128, i32.ne or i64.ne, perhaps i32.or; if, unreachable, end, end; then what
# follows the code section.
_COMPARISON = re.compile(
    rb"[\x41\x42]([\x80-\xff]{0,9}[\x00-\x7f])[\x47\x52]\x72?\x04\x40\x00\x0b\x0b", re.DOTALL
)
# The bits of C in a byte of LEB128. In the last byte, the upper ones are copies of the sign.
_BITS_OF_A_BYTE = 7
_LONGEST = {0x41: 5, 0x42: 10}


def patch(wasm: bytes, chance: Random) -> bytes | None:
    """The file with one bit of the constant flipped; None if it does not end with such a comparison."""
    found = None
    for found in _COMPARISON.finditer(wasm):  # noqa: B007 - the last one is meant
        pass
    if found is None:
        return None
    first, last = found.start(1), found.end(1) - 1
    places = [(at, bit) for at in range(first, last) for bit in range(_BITS_OF_A_BYTE)]
    is_full = last - first + 1 == _LONGEST[wasm[found.start()]]
    places += [] if is_full else [(last, bit) for bit in range(_BITS_OF_A_BYTE - 1)]
    at, bit = chance.choice(places)
    return wasm[:at] + bytes([wasm[at] ^ 1 << bit]) + wasm[at + 1 :]
