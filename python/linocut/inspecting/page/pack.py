"""Documents → compressed blocks, of which a browser unpacks only those that it is asked for."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from linocut.inspecting.page.columns import in_columns

if TYPE_CHECKING:
    from linocut.inspecting.schema import Document

# JSON text of one chunk of functions, in bytes: unpacked in a few milliseconds, yet large enough for what
# functions have in common to be compressed away.
_CHUNK = 1 << 18


class Packer:
    """Takes one function's document after the other; holds them compressed."""

    def __init__(self) -> None:
        self._stencils: dict[str, Document] = {}
        self._chunks: list[bytes] = []
        self._chunk_of: dict[int, int] = {}  # function → number of its chunk
        self._open: list[str] = []  # the chunk that is being filled
        self._open_bytes = 0

    def add(self, view: Document) -> None:
        """A function; what it says of stencils is kept once for all functions."""
        self._stencils.update(view["stencils"])
        function = view["function"]
        text = _json(in_columns(view))
        self._chunk_of[function] = len(self._chunks)
        self._open.append(f'"{function}":{text}')
        self._open_bytes += len(text)
        if self._open_bytes >= _CHUNK:
            self._close()

    def blocks(self, module: Document) -> dict[str, bytes]:
        """By name: the module with what is where, the stencils, and the chunks."""
        self._close()
        index = {"module": module, "chunks": self._chunk_of}
        chunks = {f"chunk-{number}": packed for number, packed in enumerate(self._chunks)}
        return {"index": _packed(_json(index)), "stencils": _packed(_json(self._stencils)), **chunks}

    def _close(self) -> None:
        if self._open:
            self._chunks.append(_packed(f"{{{','.join(self._open)}}}"))
        self._open, self._open_bytes = [], 0


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _packed(text: str) -> bytes:
    # No time stamp: the same module makes the same page.
    return gzip.compress(text.encode("utf-8", "surrogatepass"), 6, mtime=0)
