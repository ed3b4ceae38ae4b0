"""wasmtime's map from code offsets to wasm offsets: the section `.wasmtime.addrmap` of its version 50.

Two numbers of 32 bits, how many entries and how many blocks; for each block the code offset of its first
entry and where the block begins; then the blocks. An entry is a LEB128 number, twice the distance from the
entry before, plus one when there is no wasm offset; else that follows: absolute at first, then as a signed
distance.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from linocut.text.binary import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAIR = struct.Struct("<II")


def read_address_map(section: bytes) -> list[tuple[int, int | None]]:
    """(code offset, wasm offset or None) in order; each holds until the next one.

    ValueError when the section has another format than this one.
    """
    try:
        entries, blocks = _PAIR.unpack_from(section)
        starts = [_PAIR.unpack_from(section, _PAIR.size * (1 + block)) for block in range(blocks)]
        bodies = section[_PAIR.size * (1 + blocks) :]
        ends = [place for _, place in starts[1:]] + [len(bodies)]
        found = [
            entry
            for (first, place), end in zip(starts, ends, strict=True)
            for entry in _block(bodies[place:end], first)
        ]
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from None
    if len(found) != entries:
        raise ValueError(f"{len(found)} entries, not {entries}")
    return found


def _block(body: bytes, first: int) -> Iterator[tuple[int, int | None]]:
    reader = Reader(body)
    code, wasm = first, None
    while not reader.is_done:
        token = reader.unsigned()
        code += token >> 1
        if token & 1:
            yield code, None
            continue
        wasm = reader.unsigned() if wasm is None else wasm + reader.signed()
        yield code, wasm
