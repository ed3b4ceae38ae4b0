"""What all classes with functions of WASI have in common."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from linocut.wasi.guest import Guest
    from linocut.wasi.holdings import Holdings


class Noun:
    """Functions about one thing, for one guest: the methods that are marked with `preview1`."""

    def __init__(self, guest: Guest, holdings: Holdings) -> None:
        self._guest = guest
        self._holdings = holdings
        self._table = holdings.table
