"""A file of the host: regular, pipe, terminal or device."""

from __future__ import annotations

import os
import stat
from fcntl import F_GETFL, F_SETFL, fcntl

from linocut.wasi import deadline, errno, rights
from linocut.wasi.descriptor import APPEND, DSYNC, NONBLOCK, RSYNC, SYNC, Descriptor
from linocut.wasi.errno import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from linocut.wasi.deadline import Deadline

HOST_FLAGS = {
    APPEND: os.O_APPEND,
    DSYNC: os.O_DSYNC,
    NONBLOCK: os.O_NONBLOCK,
    RSYNC: os.O_RSYNC,
    SYNC: os.O_SYNC,
}

# What a pipe that is ready for writing takes without blocking (PIPE_BUF).
_ATOMIC = 4096


class File(Descriptor):
    """Reads and writes go to the host at once and unbuffered, from and into the guest's own memory."""

    def __init__(self, fd: int, base: int, limit: Deadline, *, owned: bool = True) -> None:
        super().__init__(fd, base, owned=owned)
        self._limit = limit
        self._may_block = not stat.S_ISREG(os.fstat(fd).st_mode)
        self._nonblocking = False  # as the guest sees it, where the host's flag is not ours to set

    @classmethod
    def standard(cls, fd: int, limit: Deadline) -> File:
        """The host's own stdin, stdout or stderr, borrowed."""
        return cls(fd, rights.TERMINAL if os.isatty(fd) else rights.STANDARD, limit, owned=False)

    @property
    def flags(self) -> int:
        """Its `fdflags`."""
        host = fcntl(self.fd, F_GETFL)
        flags = sum(flag for flag, bits in HOST_FLAGS.items() if host & bits == bits)
        return flags | NONBLOCK if self._nonblocking else flags

    def set_flags(self, flags: int) -> None:
        """Replaces its `fdflags`; Linux changes no synchronisation flag of an open file."""
        if (flags ^ self.flags) & (DSYNC | RSYNC | SYNC):
            raise Failure(errno.NOTSUP)
        if not self.owned:  # the flags belong to a description that the terminal's other users share
            if (flags ^ self.flags) & APPEND:
                raise Failure(errno.NOTSUP)
            self._nonblocking = bool(flags & NONBLOCK)
            return
        kept = fcntl(self.fd, F_GETFL) & ~(os.O_APPEND | os.O_NONBLOCK)
        fcntl(self.fd, F_SETFL, kept | host_flags(flags & (APPEND | NONBLOCK)))

    def read(self, buffers: list[memoryview]) -> int:
        """Fills the buffers as far as there is anything; gives the number of bytes."""
        self._wait(deadline.READ)
        return os.readv(self.fd, buffers)

    def write(self, buffers: list[memoryview]) -> int:
        """Writes the buffers, perhaps in part; gives the number of bytes."""
        if self._wait(deadline.WRITE):
            buffers = [next((buffer[:_ATOMIC] for buffer in buffers if buffer), memoryview(b""))]
        return os.writev(self.fd, buffers)

    def pread(self, buffers: list[memoryview], offset: int) -> int:
        """Reads at an offset, leaving the file's own alone."""
        return os.preadv(self.fd, buffers, offset)

    def pwrite(self, buffers: list[memoryview], offset: int) -> int:
        """Writes at an offset, leaving the file's own alone."""
        return os.pwritev(self.fd, buffers, offset)

    def seek(self, offset: int, whence: int) -> int:
        """Moves the file's offset and gives it; `whence` is one of os.SEEK_*."""
        return os.lseek(self.fd, offset, whence)

    def _wait(self, event: int) -> bool:
        """Waits where the host would, if that could take longer than the guest has; whether it did."""
        if not self._may_block or not (self._limit.is_set or self._nonblocking):
            return False
        if not self._limit.poll({self.fd: event}, until=0 if self._nonblocking else None):
            raise Failure(errno.AGAIN)
        return True


def host_flags(flags: int) -> int:
    """The host's open flags of some `fdflags`."""
    return sum(bits for flag, bits in HOST_FLAGS.items() if flags & flag)
