"""A Python object as the guest's stdin, stdout or stderr."""

from __future__ import annotations

import os
import stat

from linocut.wasi import errno, filestat, rights, wait
from linocut.wasi.descriptor import Descriptor
from linocut.wasi.errno import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    T = TypeVar("T")

# A guest may offer gigabytes of buffer; read() of a raw file allocates what it is asked for.
_PIECE = 1 << 16

_RIGHTS = rights.FD_READ | rights.FD_WRITE | rights.FD_FILESTAT_GET | rights.POLL_FD_READWRITE


class Stream(Descriptor):
    """Anything binary with `read` or `write`. What its methods raise comes out of the guest unchanged,
    except an OSError, which the guest sees as its errno.
    """

    def __init__(self, name: str, target: Any) -> None:
        """Raises TypeError for what cannot be the stream of that name."""
        super().__init__(-1, _RIGHTS)
        self._read = getattr(target, "read1", None) or getattr(target, "read", None)
        self._write = getattr(target, "write", None)
        self._flush = getattr(target, "flush", None)
        self._waits_for = _waits_for(target)
        if not (self._read if name == "stdin" else self._write) or hasattr(target, "encoding"):
            raise TypeError(
                f"{name} must be a descriptor number or a binary object with read or write, not {target!r}"
            )

    @property
    def filetype(self) -> int:
        """Preview 1's number for an unknown kind."""
        return filestat.UNKNOWN

    def read(self, buffers: list[memoryview]) -> int:
        """Fills the first buffer as far as one read of the object goes."""
        if self._read is None:
            raise Failure(errno.BADF)
        buffer = next(filter(len, buffers), None)
        if buffer is None:
            return 0
        read, size = self._read, min(len(buffer), _PIECE)
        data = self._call(lambda: read(size), is_ready=not wait.is_limited() or self._has_input())
        if data is None:  # a non-blocking raw stream has nothing at the moment
            raise Failure(errno.AGAIN)
        buffer[: len(data)] = data
        return len(data)

    def write(self, buffers: list[memoryview]) -> int:
        """Writes copies of the buffers: the object may keep what it is given."""
        if self._write is None:
            raise Failure(errno.BADF)
        write, flush = self._write, self._flush

        def run() -> int:
            done = 0
            for buffer in buffers:
                written = write(bytes(buffer))
                done += len(buffer) if written is None else written
                if written is not None and written < len(buffer):
                    break
            if flush is not None:
                flush()
            return done

        return self._call(run, is_ready=self._waits_for < 0)

    def _call(self, operation: Callable[[], T], *, is_ready: bool) -> T:
        """Calls the object. If it may wait for a descriptor of the host, the wait ends with the call's time.

        A read that was given up in this way may still take the bytes that come next.
        """
        return operation() if is_ready else wait.aside(operation)

    def _has_input(self) -> bool:
        return self._waits_for < 0 or bool(wait.ready({self._waits_for: wait.READ}, until=0))

    def pread(self, buffers: list[memoryview], offset: int) -> int:
        """Fails: there is no offset."""
        raise Failure(errno.SPIPE)

    def pwrite(self, buffers: list[memoryview], offset: int) -> int:
        """Fails: there is no offset."""
        raise Failure(errno.SPIPE)

    def seek(self, offset: int, whence: int) -> int:
        """Fails: there is no offset."""
        raise Failure(errno.SPIPE)


def _waits_for(target: Any) -> int:
    """The descriptor of the host that the object may have to wait for, or −1."""
    try:
        fd = int(target.fileno())
        return -1 if stat.S_ISREG(os.fstat(fd).st_mode) else fd
    except (AttributeError, OSError, TypeError, ValueError):
        return -1
