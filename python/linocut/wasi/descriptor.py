"""What a guest's descriptor number stands for."""

from __future__ import annotations

import os

from linocut.wasi import errno, filestat
from linocut.wasi.errno import Failure

# `fdflags`.
APPEND, DSYNC, NONBLOCK, RSYNC, SYNC = 1, 2, 4, 8, 16


class Descriptor:
    """Rights over something, mostly a file descriptor of the host. Its kinds: File, Stream, Directory."""

    fd = -1  # the host's descriptor; −1 for none

    def __init__(self, fd: int, base: int, inheriting: int = 0, *, owned: bool = True) -> None:
        self.fd = fd
        self.owned = owned
        self.base = base
        self.inheriting = inheriting

    def demand(self, rights: int) -> None:
        """Fails unless it may be used for all of `rights`."""
        if rights & ~self.base:
            raise Failure(errno.NOTCAPABLE)

    def restrict(self, base: int, inheriting: int) -> None:
        """Gives up rights; there is no way to get more."""
        if base & ~self.base or inheriting & ~self.inheriting:
            raise Failure(errno.NOTCAPABLE)
        self.base = base
        self.inheriting = inheriting

    @property
    def filetype(self) -> int:
        """Preview 1's number for what it is."""
        return filestat.filetype(os.fstat(self.fd).st_mode)

    @property
    def flags(self) -> int:
        """Its `fdflags`."""
        return 0

    def set_flags(self, flags: int) -> None:
        """Replaces its `fdflags`."""
        if flags:
            raise Failure(errno.NOTSUP)

    def close(self) -> None:
        """Closes the host's descriptor, if it is ours and still open."""
        fd, self.fd = self.fd, -1
        if fd >= 0 and self.owned:
            os.close(fd)

    def __del__(self) -> None:
        self.close()
