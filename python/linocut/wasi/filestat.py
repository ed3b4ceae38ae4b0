"""What preview 1 tells of a file: its kind, size and times."""

from __future__ import annotations

import stat
import time
from struct import Struct

from linocut.wasi import errno
from linocut.wasi.errno import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

# dev, ino: u64 · filetype: u8 · nlink, size, atim, mtim, ctim: u64
LAYOUT = Struct("<QQB7xQQQQQ")

UNKNOWN = 0
DIRECTORY = 3
_TYPES = {
    stat.S_IFBLK: 1,
    stat.S_IFCHR: 2,
    stat.S_IFDIR: DIRECTORY,
    stat.S_IFREG: 4,
    stat.S_IFSOCK: 6,
    stat.S_IFLNK: 7,
}

# `fstflags` of the functions that set times.
_ATIM, _ATIM_NOW, _MTIM, _MTIM_NOW = 1, 2, 4, 8

_U64 = 0xFFFF_FFFF_FFFF_FFFF


def filetype(mode: int) -> int:
    """Preview 1's number for the kind in a host `st_mode`; a pipe has none."""
    return _TYPES.get(stat.S_IFMT(mode), UNKNOWN)


def filestat(of: os.stat_result) -> tuple[int, ...]:
    """The fields of LAYOUT."""
    times = (time_ns & _U64 for time_ns in (of.st_atime_ns, of.st_mtime_ns, of.st_ctime_ns))
    return of.st_dev & _U64, of.st_ino, filetype(of.st_mode), of.st_nlink, of.st_size, *times


def new_times(of: os.stat_result, accessed: int, modified: int, flags: int) -> tuple[int, int]:
    """Access and modification time after a request to set them: given, now, or as they were."""
    return (
        _new_time(of.st_atime_ns, accessed, flags & _ATIM, flags & _ATIM_NOW),
        _new_time(of.st_mtime_ns, modified, flags & _MTIM, flags & _MTIM_NOW),
    )


def _new_time(old: int, given: int, use_given: int, use_now: int) -> int:
    if use_given and use_now:
        raise Failure(errno.INVAL)
    if use_given:
        return given
    return time.time_ns() if use_now else old
