"""The functions for sockets. No descriptor of a guest is one: nothing opens any, and none is handed in."""

from __future__ import annotations

from linocut.wasi import errno
from linocut.wasi.errno import Failure
from linocut.wasi.function import Noun, preview1


class Sockets(Noun):
    """Every function fails: with NOTSOCK, or with BADF for a number that is no descriptor at all."""

    @preview1("i32 i32 i32")
    def sock_accept(self, fd: int, flags: int, out: int) -> None:
        """Fails; it is there to accept a connection."""
        self._refuse(fd)

    @preview1("i32 i32 i32 i32 i32 i32")
    def sock_recv(self, fd: int, iovecs: int, count: int, flags: int, out: int, flags_out: int) -> None:
        """Fails; it is there to receive."""
        self._refuse(fd)

    @preview1("i32 i32 i32 i32 i32")
    def sock_send(self, fd: int, iovecs: int, count: int, flags: int, out: int) -> None:
        """Fails; it is there to send."""
        self._refuse(fd)

    @preview1("i32 i32")
    def sock_shutdown(self, fd: int, how: int) -> None:
        """Fails; it is there to end a connection."""
        self._refuse(fd)

    def _refuse(self, fd: int) -> None:
        self._table.get(fd)
        raise Failure(errno.NOTSOCK)
