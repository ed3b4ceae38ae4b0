"""The functions that take a descriptor: fd_*."""

from __future__ import annotations

import os
from struct import Struct

from linocut.wasi import errno, filestat, rights, wait
from linocut.wasi.errno import Failure
from linocut.wasi.function import Noun, preview1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# filetype: u8 · fdflags: u16 · base, inheriting: rights
_FDSTAT = Struct("<BxH4xQQ")
# tag: u8 (0 is a directory, the only one) · length of the name: u32
_PRESTAT = Struct("<B3xI")

_ADVICES = (
    os.POSIX_FADV_NORMAL,
    os.POSIX_FADV_SEQUENTIAL,
    os.POSIX_FADV_RANDOM,
    os.POSIX_FADV_WILLNEED,
    os.POSIX_FADV_DONTNEED,
    os.POSIX_FADV_NOREUSE,
)


class Descriptors(Noun):
    """Addresses of results are checked first: what is read or written must not be lost for a bad pointer."""

    # Another snapshot has other numbers (snapshot0.py).
    whences: tuple[int, ...] = (os.SEEK_SET, os.SEEK_CUR, os.SEEK_END)
    filestat = filestat.LAYOUT

    @preview1("i32 i32 i32 i32")
    def fd_read(self, fd: int, iovecs: int, count: int, out: int) -> None:
        """Reads at the file's offset."""
        self._guest.check_bounds(out, 4)
        file = self._table.file(fd, rights.FD_READ)
        self._guest.put_u32(out, file.read(self._guest.buffers(iovecs, count)))

    @preview1("i32 i32 i32 i32")
    def fd_write(self, fd: int, iovecs: int, count: int, out: int) -> None:
        """Writes at the file's offset."""
        self._guest.check_bounds(out, 4)
        file = self._table.file(fd, rights.FD_WRITE)
        self._guest.put_u32(out, file.write(self._guest.buffers(iovecs, count)))

    @preview1("i32 i32 i32 i64 i32")
    def fd_pread(self, fd: int, iovecs: int, count: int, offset: int, out: int) -> None:
        """Reads at `offset`."""
        self._guest.check_bounds(out, 4)
        file = self._table.file(fd, rights.FD_READ | rights.FD_SEEK)
        self._guest.put_u32(out, file.pread(self._guest.buffers(iovecs, count), offset))

    @preview1("i32 i32 i32 i64 i32")
    def fd_pwrite(self, fd: int, iovecs: int, count: int, offset: int, out: int) -> None:
        """Writes at `offset`."""
        self._guest.check_bounds(out, 4)
        file = self._table.file(fd, rights.FD_WRITE | rights.FD_SEEK)
        self._guest.put_u32(out, file.pwrite(self._guest.buffers(iovecs, count), offset))

    @preview1("i32 i64 i32 i32")
    def fd_seek(self, fd: int, offset: int, whence: int, out: int) -> None:
        """Moves the file's offset."""
        self._guest.check_bounds(out, 8)
        if whence >= len(self.whences):
            raise Failure(errno.INVAL)
        if offset >= 1 << 63:
            offset -= 1 << 64
        asks_only = offset == 0 and self.whences[whence] == os.SEEK_CUR
        file = self._table.file(fd, rights.FD_TELL if asks_only else rights.FD_SEEK | rights.FD_TELL)
        self._guest.put_u64(out, file.seek(offset, self.whences[whence]))

    @preview1("i32 i32")
    def fd_tell(self, fd: int, out: int) -> None:
        """The file's offset."""
        self._guest.put_u64(out, self._table.file(fd, rights.FD_TELL).seek(0, os.SEEK_CUR))

    @preview1("i32 i64 i64 i32")
    def fd_advise(self, fd: int, offset: int, length: int, advice: int) -> None:
        """Tells how a part of the file will be used."""
        if advice >= len(_ADVICES):
            raise Failure(errno.INVAL)
        os.posix_fadvise(self._table.file(fd, rights.FD_ADVISE).fd, offset, length, _ADVICES[advice])

    @preview1("i32 i64 i64")
    def fd_allocate(self, fd: int, offset: int, length: int) -> None:
        """Makes sure that a part of the file has space on its medium."""
        file = self._table.file(fd, rights.FD_ALLOCATE)
        _aside(lambda own: os.posix_fallocate(own, offset, length), file.fd)

    @preview1("i32")
    def fd_sync(self, fd: int) -> None:
        """Writes contents and metadata to the medium."""
        _aside(os.fsync, self._table.get(fd, rights.FD_SYNC).fd)

    @preview1("i32")
    def fd_datasync(self, fd: int) -> None:
        """Writes contents to the medium."""
        _aside(os.fdatasync, self._table.get(fd, rights.FD_DATASYNC).fd)

    @preview1("i32")
    def fd_close(self, fd: int) -> None:
        """Closes a descriptor."""
        self._table.close(fd)

    @preview1("i32 i32")
    def fd_renumber(self, source: int, target: int) -> None:
        """Moves a descriptor onto another."""
        self._table.renumber(source, target)

    @preview1("i32 i32")
    def fd_fdstat_get(self, fd: int, out: int) -> None:
        """What kind of descriptor it is, its flags and rights."""
        it = self._table.get(fd)
        self._guest.pack(_FDSTAT, out, it.filetype, it.flags, it.base, it.inheriting)

    @preview1("i32 i32")
    def fd_fdstat_set_flags(self, fd: int, flags: int) -> None:
        """Replaces its flags."""
        self._table.get(fd, rights.FD_FDSTAT_SET_FLAGS).set_flags(flags)

    @preview1("i32 i64 i64")
    def fd_fdstat_set_rights(self, fd: int, base: int, inheriting: int) -> None:
        """Gives up rights."""
        self._table.get(fd).restrict(base, inheriting)

    @preview1("i32 i32")
    def fd_filestat_get(self, fd: int, out: int) -> None:
        """Kind, size and times of the file."""
        host_fd = self._table.get(fd, rights.FD_FILESTAT_GET).fd
        # A stream of Python's has nothing to tell.
        fields = filestat.filestat(os.fstat(host_fd)) if host_fd >= 0 else (0,) * 8
        self._guest.pack(self.filestat, out, *fields)

    @preview1("i32 i64")
    def fd_filestat_set_size(self, fd: int, size: int) -> None:
        """Cuts the file off or extends it with zeros."""
        os.ftruncate(self._table.file(fd, rights.FD_FILESTAT_SET_SIZE).fd, size)

    @preview1("i32 i64 i64 i32")
    def fd_filestat_set_times(self, fd: int, accessed: int, modified: int, flags: int) -> None:
        """Sets times of the file."""
        host_fd = self._table.get(fd, rights.FD_FILESTAT_SET_TIMES).fd
        os.utime(host_fd, ns=filestat.new_times(os.fstat(host_fd), accessed, modified, flags))

    @preview1("i32 i32")
    def fd_prestat_get(self, fd: int, out: int) -> None:
        """Whether a descriptor was there from the start, and how long its name is."""
        self._guest.pack(_PRESTAT, out, 0, len(self._preopened(fd)))

    @preview1("i32 i32 i32")
    def fd_prestat_dir_name(self, fd: int, address: int, length: int) -> None:
        """The guest's name for a directory that was there from the start."""
        name = self._preopened(fd)
        if length < len(name):
            raise Failure(errno.NAMETOOLONG)
        self._guest.put(address, name)

    @preview1("i32 i32 i32 i64 i32")
    def fd_readdir(self, fd: int, address: int, length: int, cookie: int, out: int) -> None:
        """Entries of a directory; the last is cut off at the buffer's end, which says that there are more."""
        self._guest.check_bounds(out, 4)
        buffer = self._guest.view(address, length)
        used = 0
        for entry in self._table.directory(fd, rights.FD_READDIR).entries(cookie):
            part = entry[: length - used]
            buffer[used : used + len(part)] = part
            used += len(part)
            if used == length:
                break
        self._guest.put_u32(out, used)

    def _preopened(self, fd: int) -> bytes:
        name: bytes | None = getattr(self._table.get(fd), "preopened", None)
        if name is None:
            raise Failure(errno.BADF)
        return name


def _aside(operation: Callable[[int], None], fd: int) -> None:
    """Does what may take the medium long, on a second descriptor, which stays open until it is done."""
    own = os.dup(fd)

    def run() -> None:
        try:
            operation(own)
        finally:
            os.close(own)

    wait.aside(run)
