"""Random bytes."""

from __future__ import annotations

import os

from linocut.wasi import wait
from linocut.wasi.function import Noun, preview1

# A guest may ask for its whole memory at once: in pieces, so that signals and the deadline are seen.
_PIECE = 1 << 20


class Entropy(Noun):
    """The host's own generator; there is no seed to guess."""

    @preview1("i32 i32")
    def random_get(self, address: int, length: int) -> None:
        """Fills a buffer."""
        view = self._guest.view(address, length)
        for start in range(0, length, _PIECE):
            wait.check()
            view[start : start + _PIECE] = os.urandom(min(_PIECE, length - start))
