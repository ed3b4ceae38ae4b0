"""Something that a script does with an instance: files of several kinds can do the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.spec.explode.slices.instance import Instance, Item
    from linocut.spec.explode.slices.slicing import Slice

    from .entry import EntryFunction


@dataclass
class Deed:
    """A call, or a look at a global, and what is expected of it.

    `act` adds it to an entry function, given the item that is called or looked at. `found` is what it can
    notice. `begun` events had happened before it and `ended` after it, which may include its own.
    """

    instance: Instance
    item: Item
    act: Callable[[EntryFunction, Item], None]
    found: Slice
    has_host: bool
    begun: int
    ended: int

    def do(self, entry: EntryFunction) -> None:
        """Add it to an entry function."""
        self.act(entry, self.item)
