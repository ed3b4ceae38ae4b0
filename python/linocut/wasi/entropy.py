"""Random bytes."""

from __future__ import annotations

import os

from linocut.wasi.function import preview1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from linocut.wasi.deadline import Deadline
    from linocut.wasi.guest import Guest

# A guest may ask for its whole memory at once: in pieces, so that signals and the deadline are seen.
_PIECE = 1 << 20


class Entropy:
    """The host's own generator; there is no seed to guess."""

    def __init__(self, guest: Guest, deadline: Deadline) -> None:
        self._guest = guest
        self._deadline = deadline

    @preview1("i32 i32")
    def random_get(self, address: int, length: int) -> None:
        """Fills a buffer."""
        view = self._guest.view(address, length)
        for start in range(0, length, _PIECE):
            self._deadline.check()
            view[start : start + _PIECE] = os.urandom(min(_PIECE, length - start))
