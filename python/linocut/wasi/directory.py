"""A directory of the host that the guest holds: its sandbox, or a part of it."""

from __future__ import annotations

import os
from struct import Struct

from linocut.wasi import filestat, wait
from linocut.wasi.descriptor import Descriptor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# next cookie, ino: u64 · length of the name: u32 · filetype: u8; the name follows
_ENTRY = Struct("<QQIB3x")

_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class Directory(Descriptor):
    """`fd` is open for reading; `preopened` is the guest's name for it, if it was there from the start."""

    def __init__(self, fd: int, base: int, inheriting: int, preopened: bytes | None = None) -> None:
        super().__init__(fd, base, inheriting)
        self.preopened = preopened
        self._entries: list[bytes] | None = None

    @classmethod
    def preopen(cls, guest: bytes, host: str | os.PathLike[str], base: int, inheriting: int) -> Directory:
        """Opens the host's directory; an OSError says why it cannot."""
        return cls(os.open(host, _OPEN), base, inheriting, guest)

    @property
    def filetype(self) -> int:
        """Preview 1's number for a directory."""
        return filestat.DIRECTORY

    def entries(self, cookie: int) -> Iterator[bytes]:
        """The encoded entries from `cookie` on, which is a number of entries.

        They are those of the moment when reading last began at 0, so that a guest may remove entries while it
        reads and will neither miss an entry nor see one twice. A host's directory does not promise that.
        """
        if cookie == 0 or self._entries is None:
            self._entries = self._listing()
        return (self._entries[number] for number in range(cookie, len(self._entries)))

    def _listing(self) -> list[bytes]:
        own = os.fstat(self.fd).st_ino
        # `..` has the number of `.`, since the directory above is no business of the guest's.
        found = [(b".", own, filestat.DIRECTORY), (b"..", own, filestat.DIRECTORY)]
        os.lseek(self.fd, 0, os.SEEK_SET)  # scandir works on a duplicate, which shares the offset
        with os.scandir(self.fd) as entries:
            for entry in entries:
                wait.check()  # there may be millions
                found.append((os.fsencode(entry.name), entry.inode(), _filetype(entry)))
        return [
            _ENTRY.pack(number, inode, len(name), kind) + name
            for number, (name, inode, kind) in enumerate(found, 1)
        ]


def _filetype(entry: os.DirEntry[str]) -> int:
    try:
        return filestat.filetype(entry.stat(follow_symlinks=False).st_mode)
    except OSError:  # gone since it was listed
        return filestat.UNKNOWN
