"""A regular file of the host."""

from __future__ import annotations

import os
from fcntl import F_GETFL, F_SETFL, fcntl

from linocut.wasi import errno, wait
from linocut.wasi.descriptor import APPEND, DSYNC, NONBLOCK, RSYNC, SYNC, Descriptor
from linocut.wasi.errno import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST_FLAGS = {
    APPEND: os.O_APPEND,
    DSYNC: os.O_DSYNC,
    NONBLOCK: os.O_NONBLOCK,
    RSYNC: os.O_RSYNC,
    SYNC: os.O_SYNC,
}

# The host does not look at signals while it reads a gigabyte, so large buffers go in pieces.
_PIECE = 1 << 24
# As many bytes as Linux moves in one call (read(2)).
_MOST = 0x7FFF_F000


class File(Descriptor):
    """Reads and writes go to the host at once and unbuffered, from and into the guest's own memory."""

    def __init__(self, fd: int, base: int, *, nonblocking: bool = False, owned: bool = True) -> None:
        super().__init__(fd, base, owned=owned)
        self._nonblocking = nonblocking  # as the guest sees it

    @property
    def flags(self) -> int:
        """Its `fdflags`."""
        host = fcntl(self.fd, F_GETFL)
        flags = sum(flag for flag, bits in HOST_FLAGS.items() if host & bits == bits)
        return flags & ~NONBLOCK | NONBLOCK * self._nonblocking

    def set_flags(self, flags: int) -> None:
        """Replaces its `fdflags`; Linux changes no synchronisation flag of an open file.

        A borrowed one's APPEND stays, because all other users of the open file share it.
        """
        changed = flags ^ self.flags
        if changed & (DSYNC | RSYNC | SYNC) or (changed & APPEND and not self.owned):
            raise Failure(errno.NOTSUP)
        if changed & APPEND:
            fcntl(self.fd, F_SETFL, fcntl(self.fd, F_GETFL) ^ os.O_APPEND)
        self._nonblocking = bool(flags & NONBLOCK)

    def read(self, buffers: list[memoryview]) -> int:
        """Fills the buffers as far as there is anything; gives the number of bytes."""
        return _in_pieces(buffers, lambda piece, _: os.readv(self.fd, piece))

    def write(self, buffers: list[memoryview]) -> int:
        """Writes the buffers, perhaps in part; gives the number of bytes."""
        return _in_pieces(buffers, lambda piece, _: os.writev(self.fd, piece))

    def pread(self, buffers: list[memoryview], offset: int) -> int:
        """Reads at an offset, leaving the file's own alone."""
        return _in_pieces(buffers, lambda piece, done: os.preadv(self.fd, piece, offset + done))

    def pwrite(self, buffers: list[memoryview], offset: int) -> int:
        """Writes at an offset, leaving the file's own alone."""
        return _in_pieces(buffers, lambda piece, done: os.pwritev(self.fd, piece, offset + done))

    def seek(self, offset: int, whence: int) -> int:
        """Moves the file's offset and gives it; `whence` is one of os.SEEK_*."""
        return os.lseek(self.fd, offset, whence)


def _in_pieces(buffers: list[memoryview], act: Callable[[list[memoryview], int], int]) -> int:
    """Calls `act` with pieces of the buffers and the bytes done so far, until it does less than a piece."""
    if sum(map(len, buffers)) <= _PIECE:
        return act(buffers, 0)
    done = 0
    for piece in _pieces(beginning(buffers, _MOST)):
        wait.check()
        try:
            count = act(piece, done)
        except OSError:
            if done:  # the guest must learn what has been done; the next call will fail
                break
            raise
        done += count
        if count < sum(map(len, piece)):
            break
    return done


def _pieces(buffers: list[memoryview]) -> Iterator[list[memoryview]]:
    while buffers:
        piece = beginning(buffers, _PIECE)
        yield piece
        rest = buffers[len(piece) - 1][len(piece[-1]) :]
        buffers = [rest, *buffers[len(piece) :]] if rest else buffers[len(piece) :]


def beginning(buffers: list[memoryview], most: int) -> list[memoryview]:
    """As many of the buffers, or of the bytes in them, as do not exceed a number; none that is empty."""
    found: list[memoryview] = []
    for buffer in filter(None, buffers):
        if most <= 0:
            break
        found.append(buffer[:most])
        most -= len(buffer)
    return found


def host_flags(flags: int) -> int:
    """The host's open flags of some `fdflags`."""
    return sum(bits for flag, bits in HOST_FLAGS.items() if flags & flag)
