"""A Python object as the guest's stdin, stdout or stderr."""

from __future__ import annotations

from linocut.wasi import errno, filestat, rights
from linocut.wasi.descriptor import Descriptor
from linocut.wasi.errno import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# A guest may offer gigabytes of buffer; read() of a raw file allocates what it is asked for.
_PIECE = 1 << 16

_RIGHTS = rights.FD_READ | rights.FD_WRITE | rights.FD_FILESTAT_GET | rights.POLL_FD_READWRITE


class Stream(Descriptor):
    """Anything binary with `read` or `write`. What its methods raise comes out of the guest unchanged,
    but for an OSError, which the guest sees as its errno.
    """

    def __init__(self, target: Any) -> None:
        super().__init__(-1, _RIGHTS)
        self._read = getattr(target, "read1", None) or getattr(target, "read", None)
        self._write = getattr(target, "write", None)
        self._flush = getattr(target, "flush", None)
        if not (self._read or self._write):
            raise TypeError(f"a descriptor number or an object with read or write is needed, not {target!r}")

    @property
    def filetype(self) -> int:
        """Preview 1's number for what it has no word for."""
        return filestat.UNKNOWN

    def read(self, buffers: list[memoryview]) -> int:
        """Fills the first buffer as far as one read of the object goes."""
        if self._read is None:
            raise Failure(errno.BADF)
        buffer = next(filter(len, buffers), None)
        if buffer is None:
            return 0
        data = self._read(min(len(buffer), _PIECE))
        if data is None:  # a raw stream that has nothing at the moment
            raise Failure(errno.AGAIN)
        buffer[: len(data)] = data
        return len(data)

    def write(self, buffers: list[memoryview]) -> int:
        """Writes copies of the buffers: the object may keep what it is given."""
        if self._write is None:
            raise Failure(errno.BADF)
        done = 0
        for buffer in buffers:
            written = self._write(bytes(buffer))
            done += len(buffer) if written is None else written
            if written is not None and written < len(buffer):
                break
        if self._flush is not None:
            self._flush()
        return done

    def pread(self, buffers: list[memoryview], offset: int) -> int:
        """Fails: there is no offset."""
        raise Failure(errno.SPIPE)

    def pwrite(self, buffers: list[memoryview], offset: int) -> int:
        """Fails: there is no offset."""
        raise Failure(errno.SPIPE)

    def seek(self, offset: int, whence: int) -> int:
        """Fails: there is no offset."""
        raise Failure(errno.SPIPE)
