"""The functions that take a path: path_*."""

from __future__ import annotations

import errno as host
import os
import stat

from linocut.wasi import errno, filestat, rights, wait
from linocut.wasi.channel import file_of
from linocut.wasi.descriptor import NONBLOCK
from linocut.wasi.directory import Directory
from linocut.wasi.errno import Failure
from linocut.wasi.file import File, host_flags
from linocut.wasi.function import Noun, preview1
from linocut.wasi.lookup import DirectoryEntry, Place

# `lookupflags`, `oflags`.
_FOLLOW = 1
_CREATE, _DIRECTORY, _EXCLUSIVE, _TRUNCATE = 1, 2, 4, 8

_HOST_OPEN = {
    _CREATE: os.O_CREAT,
    _DIRECTORY: os.O_DIRECTORY,
    _EXCLUSIVE: os.O_EXCL,
    _TRUNCATE: os.O_TRUNC,
}
_NEEDED_TO_OPEN = {_CREATE: rights.PATH_CREATE_FILE, _TRUNCATE: rights.PATH_FILESTAT_SET_SIZE}


class Paths(Noun):
    """Each looks its path up (lookup.py) and then does one thing to one name in one open directory."""

    # Another snapshot has another layout (snapshot0.py).
    filestat = filestat.LAYOUT

    @preview1("i32 i32 i32 i32 i32 i64 i64 i32 i32")
    def path_open(
        self,
        fd: int,
        lookup: int,
        path: int,
        length: int,
        oflags: int,
        base: int,
        inheriting: int,
        fdflags: int,
        out: int,
    ) -> None:
        """Opens, or creates, a file or directory."""
        self._guest.check_bounds(out, 4)
        self._table.free()
        if oflags & _CREATE and oflags & _DIRECTORY:  # versions of Linux differ in whether this makes a file
            raise Failure(errno.INVAL)
        base, inheriting = base & rights.ALL, inheriting & rights.ALL
        directory = self._table.directory(fd, rights.PATH_OPEN | _needed(oflags))
        if (base | inheriting) & ~directory.inheriting:
            raise Failure(errno.NOTCAPABLE)
        # A link at the end is not followed to create a file that must be new (open(2), O_EXCL).
        follow = bool(lookup & _FOLLOW) and oflags & (_CREATE | _EXCLUSIVE) != _CREATE | _EXCLUSIVE
        name = self._guest.path(path, length)
        names_directory = oflags & _CREATE and name.endswith(b"/")  # which opening cannot create
        with (
            DirectoryEntry(directory.fd, name)
            if names_directory
            else Place(directory.fd, name, follow=follow)
        ) as place:
            host_fd = _open(place, _open_flags(oflags, fdflags, base))
        opened = _descriptor(host_fd, base, inheriting, nonblocking=bool(fdflags & NONBLOCK))
        self._guest.put_u32(out, self._table.add(opened))

    @preview1("i32 i32 i32")
    def path_create_directory(self, fd: int, path: int, length: int) -> None:
        """Creates a directory."""
        with self._entry(fd, rights.PATH_CREATE_DIRECTORY, path, length) as entry:
            os.mkdir(entry.name, dir_fd=entry.dir_fd)

    @preview1("i32 i32 i32")
    def path_remove_directory(self, fd: int, path: int, length: int) -> None:
        """Removes an empty directory."""
        with self._entry(fd, rights.PATH_REMOVE_DIRECTORY, path, length) as entry:
            if entry.is_parent:
                raise Failure(errno.NOTEMPTY)
            os.rmdir(entry.name, dir_fd=entry.dir_fd)

    @preview1("i32 i32 i32")
    def path_unlink_file(self, fd: int, path: int, length: int) -> None:
        """Removes a name that is not a directory's."""
        with self._entry(fd, rights.PATH_UNLINK_FILE, path, length) as entry:
            os.unlink(entry.name, dir_fd=entry.dir_fd)

    @preview1("i32 i32 i32 i32 i32 i32")
    def path_rename(
        self, fd: int, path: int, length: int, new_fd: int, new_path: int, new_length: int
    ) -> None:
        """Gives a file or directory another name or place."""
        with (
            self._entry(fd, rights.PATH_RENAME_SOURCE, path, length) as old,
            self._entry(new_fd, rights.PATH_RENAME_TARGET, new_path, new_length) as new,
        ):
            os.rename(old.name, new.name, src_dir_fd=old.dir_fd, dst_dir_fd=new.dir_fd)

    @preview1("i32 i32 i32 i32 i32 i32 i32")
    def path_link(
        self, fd: int, lookup: int, path: int, length: int, new_fd: int, new_path: int, new_length: int
    ) -> None:
        """Gives a file a second name."""
        with self._place(fd, rights.PATH_LINK_SOURCE, lookup, path, length) as old:
            old.stat()  # so that an error of the first path is reported before one of the second
            with self._entry(new_fd, rights.PATH_LINK_TARGET, new_path, new_length) as new:
                os.link(
                    old.name, new.name, src_dir_fd=old.dir_fd, dst_dir_fd=new.dir_fd, follow_symlinks=False
                )

    @preview1("i32 i32 i32 i32 i32")
    def path_symlink(self, text: int, text_length: int, fd: int, path: int, length: int) -> None:
        """Creates a symbolic link.

        Its text may climb out with `..`: where it leads depends on where the link is when it is followed,
        which is up to whoever renames it, and then the lookup refuses. An absolute one never leads anywhere
        here, and would only lie in wait for programs outside.
        """
        target = self._guest.path(text, text_length)
        if target.startswith(b"/"):
            raise Failure(errno.PERM)
        with self._entry(fd, rights.PATH_SYMLINK, path, length) as entry:
            os.symlink(target, entry.name, dir_fd=entry.dir_fd)

    @preview1("i32 i32 i32 i32 i32 i32")
    def path_readlink(self, fd: int, path: int, length: int, address: int, size: int, out: int) -> None:
        """The text of a symbolic link, cut off at the buffer's end."""
        self._guest.check_bounds(out, 4)
        with self._place(fd, rights.PATH_READLINK, 0, path, length) as place:
            text = os.readlink(place.name, dir_fd=place.dir_fd)
        if text.startswith(b"/"):  # a place outside that the guest cannot use and need not know
            raise Failure(errno.PERM)
        text = text[:size]
        self._guest.put(address, text)
        self._guest.put_u32(out, len(text))

    @preview1("i32 i32 i32 i32 i32")
    def path_filestat_get(self, fd: int, lookup: int, path: int, length: int, out: int) -> None:
        """Kind, size and times of a file."""
        with self._place(fd, rights.PATH_FILESTAT_GET, lookup, path, length) as place:
            fields = filestat.filestat(place.stat())
        self._guest.pack(self.filestat, out, *fields)

    @preview1("i32 i32 i32 i32 i64 i64 i32")
    def path_filestat_set_times(
        self, fd: int, lookup: int, path: int, length: int, accessed: int, modified: int, flags: int
    ) -> None:
        """Sets times of a file."""
        with self._place(fd, rights.PATH_FILESTAT_SET_TIMES, lookup, path, length) as place:
            times = filestat.new_times(place.stat(), accessed, modified, flags)
            os.utime(place.name, ns=times, dir_fd=place.dir_fd, follow_symlinks=False)

    def _place(self, fd: int, needed: int, lookup: int, path: int, length: int) -> Place:
        """What a path leads to."""
        directory = self._table.directory(fd, needed)
        return Place(directory.fd, self._guest.path(path, length), follow=bool(lookup & _FOLLOW))

    def _entry(self, fd: int, needed: int, path: int, length: int) -> DirectoryEntry:
        """The name at a path's end, of something that is there or is to be there."""
        directory = self._table.directory(fd, needed)
        return DirectoryEntry(directory.fd, self._guest.path(path, length))


def _descriptor(host_fd: int, base: int, inheriting: int, *, nonblocking: bool) -> File | Directory:
    if stat.S_ISDIR(os.fstat(host_fd).st_mode):
        return Directory(host_fd, base & rights.DIRECTORY, inheriting)
    return file_of(host_fd, base & rights.FILE, nonblocking=nonblocking)


def _open(place: Place, flags: int) -> int:
    """Opens it. The host may wait for the other end of a FIFO, a terminal's line, a lease (open(2)).

    With a timeout the wait is ours, but for that of a FIFO's first reader: it moves to the first read, since
    nothing tells that a writer has come before that one writes.
    """
    waits = not flags & os.O_NONBLOCK and wait.is_limited()
    while True:
        try:
            impatient = os.O_NONBLOCK if waits else 0
            return os.open(place.name, flags | impatient, 0o666, dir_fd=place.dir_fd)
        except OSError as error:
            if not (waits and _is_busy(place, error)):
                raise
        wait.sleep_shortly()


def _is_busy(place: Place, error: OSError) -> bool:
    """Whether opening will succeed later: when somebody reads the FIFO, or the lease is given back."""
    if error.errno == host.ENXIO:
        return stat.S_ISFIFO(place.stat().st_mode)
    return error.errno == host.EAGAIN


def _needed(oflags: int) -> int:
    return sum(right for flag, right in _NEEDED_TO_OPEN.items() if oflags & flag)


def _open_flags(oflags: int, fdflags: int, base: int) -> int:
    """The host's flags; it is not to follow links, nor to make a terminal the process's own."""
    flags = os.O_NOFOLLOW | os.O_NOCTTY | os.O_CLOEXEC | host_flags(fdflags) | _access(oflags, base)
    return flags | sum(host for flag, host in _HOST_OPEN.items() if oflags & flag)


def _access(oflags: int, base: int) -> int:
    # Old toolchains ask for every right there is, also on directories, which the host opens for reading only.
    # One that asks for no right that only directories have wants to write, and learns that it is a directory.
    wants_directory = oflags & _DIRECTORY and base & rights.DIRECTORY & ~rights.FILE
    if not base & rights.FD_WRITE or wants_directory:
        return os.O_RDONLY
    return os.O_RDWR if base & rights.FD_READ else os.O_WRONLY
