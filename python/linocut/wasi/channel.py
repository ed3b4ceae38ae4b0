"""What may keep its reader or writer waiting: a pipe, terminal, device or socket of the host."""

from __future__ import annotations

import errno as host
import os
import stat
from fcntl import F_GETFL, fcntl

from linocut.wasi import rights, wait
from linocut.wasi.file import File, beginning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# A pipe may always give fewer bytes than were asked for, unlike a file, so one read takes no more than this.
_MOST = 1 << 20
# What a pipe that is ready for writing takes without blocking (PIPE_BUF).
_ATOMIC = 4096
# Major numbers of terminals' master ends, which must not be opened again: that makes new terminals (pty(7)).
_MASTERS = (2, 5, *range(128, 136))


def file_of(fd: int, base: int, *, nonblocking: bool = False, owned: bool = True) -> File:
    """A file, if it is a regular one, or a channel. An owned one of the host is made non-blocking."""
    mode = os.fstat(fd).st_mode
    if stat.S_ISREG(mode) or stat.S_ISBLK(mode):
        kind = File
    else:
        kind = Socket if stat.S_ISSOCK(mode) else Channel
        if owned:
            os.set_blocking(fd, False)
    return kind(fd, base, nonblocking=nonblocking, owned=owned)


def standard(fd: int) -> File:
    """The host's own stdin, stdout or stderr, borrowed."""
    base = rights.TERMINAL if os.isatty(fd) else rights.STANDARD
    return file_of(fd, base, nonblocking=not os.get_blocking(fd), owned=False)


class Channel(File):
    """We wait, not the host, so that waiting ends when the call's time is up; with NONBLOCK nobody waits."""

    _impatient: int | None = None

    def read(self, buffers: list[memoryview]) -> int:
        """Fills the buffers as far as there is anything; gives the number of bytes."""
        return self._patiently(wait.READ, self._readv, buffers)

    def write(self, buffers: list[memoryview]) -> int:
        """Writes the buffers, perhaps in part; gives the number of bytes."""
        return self._patiently(wait.WRITE, self._writev, buffers)

    def close(self) -> None:
        """Closes the host's descriptor, if it is ours, and the second one of a borrowed channel."""
        own, self._impatient = self._impatient, None
        if own is not None and own >= 0 and own != self.fd:
            os.close(own)
        super().close()

    def _readv(self, fd: int, buffers: list[memoryview]) -> int:
        return os.readv(fd, buffers)

    def _writev(self, fd: int, buffers: list[memoryview]) -> int:
        return os.writev(fd, buffers)

    def _patiently(
        self, event: int, act: Callable[[int, list[memoryview]], int], buffers: list[memoryview]
    ) -> int:
        buffers = beginning(buffers, _MOST)
        if not buffers:
            return act(self.fd, [])
        if self._nonblocking:
            return self._at_once(event, act, buffers)
        if not self.owned and os.get_blocking(self.fd) and not wait.is_limited():
            return act(self.fd, buffers)  # the host waits, until a signal comes
        while True:
            wait.ready({self.fd: event})
            try:
                return self._at_once(event, act, buffers)
            except BlockingIOError:  # somebody else was faster, or it takes less than it said
                wait.sleep_shortly()

    def _at_once(
        self, event: int, act: Callable[[int, list[memoryview]], int], buffers: list[memoryview]
    ) -> int:
        """Does what is possible without waiting; BlockingIOError if that is nothing."""
        if self._impatient is None:
            self._impatient = self._open_impatient()
        if self._impatient >= 0:
            return act(self._impatient, buffers)
        if not wait.ready({self.fd: event}, until=0):
            raise BlockingIOError(host.EAGAIN, "nothing yet")
        return act(self.fd, beginning(buffers, _ATOMIC))

    def _open_impatient(self) -> int:
        """A second descriptor for the same file that does not block, or −1.

        The one that was borrowed stays as it is: whether it blocks is the business of all who share it.
        """
        status_flags = fcntl(self.fd, F_GETFL)
        if status_flags & os.O_NONBLOCK:
            return self.fd
        status = os.fstat(self.fd)
        is_terminal = os.isatty(self.fd) and os.major(status.st_rdev) not in _MASTERS
        if not (stat.S_ISFIFO(status.st_mode) or is_terminal):
            return -1
        flags = status_flags & os.O_ACCMODE | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        try:
            return os.open(f"/proc/self/fd/{self.fd}", flags)
        except OSError:  # somebody else's terminal; no /proc
            return -1


class Socket(Channel):
    """Each call of the host says whether it may wait."""

    def _at_once(
        self, event: int, act: Callable[[int, list[memoryview]], int], buffers: list[memoryview]
    ) -> int:
        import socket

        with socket.socket(fileno=os.dup(self.fd)) as end:
            if event == wait.READ:
                return end.recvmsg_into(buffers, 0, socket.MSG_DONTWAIT)[0]
            return end.sendmsg(buffers, [], socket.MSG_DONTWAIT)
