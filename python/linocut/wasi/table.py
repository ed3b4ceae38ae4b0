"""The guest's descriptor table."""

from __future__ import annotations

from linocut.wasi import errno
from linocut.wasi.directory import Directory
from linocut.wasi.errno import Failure
from linocut.wasi.file import File
from linocut.wasi.stream import Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from linocut.wasi.descriptor import Descriptor

# A process may usually have 1024: a guest that opens all it can must leave some to its host.
MAX_DESCRIPTORS = 512


class Table:
    """Numbers from 0; a new descriptor gets the lowest free one, as C programs rely on."""

    def __init__(self) -> None:
        self._open: list[Descriptor | None] = []

    def free(self) -> int:
        """The number that the next descriptor will get; asked before anything is opened."""
        if None in self._open:
            return self._open.index(None)
        if len(self._open) >= MAX_DESCRIPTORS:
            raise Failure(errno.MFILE)
        return len(self._open)

    def add(self, descriptor: Descriptor) -> int:
        """Gives a descriptor its number."""
        number = self.free()
        if number == len(self._open):
            self._open.append(None)
        self._open[number] = descriptor
        return number

    def get(self, number: int, rights: int = 0) -> Descriptor:
        """Any kind of descriptor, if it has all of `rights`."""
        try:
            descriptor = self._open[number]
        except IndexError:
            descriptor = None
        if descriptor is None:
            raise Failure(errno.BADF)
        descriptor.demand(rights)
        return descriptor

    def file(self, number: int, rights: int) -> File | Stream:
        """Something with contents."""
        descriptor = self.get(number)
        if not isinstance(descriptor, File | Stream):
            raise Failure(errno.ISDIR)
        descriptor.demand(rights)
        return descriptor

    def directory(self, number: int, rights: int) -> Directory:
        """Something that names can be looked up in."""
        descriptor = self.get(number)
        if not isinstance(descriptor, Directory):
            raise Failure(errno.NOTDIR)
        descriptor.demand(rights)
        return descriptor

    def close(self, number: int) -> None:
        """Closes one; its number is free again."""
        descriptor = self.get(number)
        self._open[number] = None
        descriptor.close()

    def renumber(self, source: int, target: int) -> None:
        """Moves a descriptor to a number that is in use, closing what was there."""
        moved, replaced = self.get(source), self.get(target)
        if moved is replaced:
            return
        self._open[source] = None
        self._open[target] = moved
        replaced.close()

    def close_all(self) -> None:
        """Closes everything, as the end of a process does."""
        for descriptor in self._open:
            if descriptor is not None:
                descriptor.close()
        self._open.clear()
