"""The snapshot before preview 1, `wasi_unstable`: what differs in it.

Its functions have the same names and types, except that there is no sock_accept. The facts here are taken
from its own description (WASI's snapshot_0, typenames.witx).
"""

from __future__ import annotations

import os
from struct import Struct

from linocut.wasi.descriptors import Descriptors
from linocut.wasi.paths import Paths
from linocut.wasi.poll import Poll
from linocut.wasi.sockets import Sockets

MODULE = "wasi_unstable"

# dev, ino: u64 · filetype: u8 · nlink: u32 · size, atim, mtim, ctim: u64
_FILESTAT = Struct("<QQB3xIQQQQ")


class Descriptors0(Descriptors):
    """The origins of seeking are numbered in another order."""

    whences = (os.SEEK_CUR, os.SEEK_END, os.SEEK_SET)
    filestat = _FILESTAT


class Paths0(Paths):
    """A file's number of links has 32 bits."""

    filestat = _FILESTAT


class Poll0(Poll):
    """A clock's subscription has an identifier of the guest's, a u64, before the clock's id."""

    clock = Struct("<24xI4xQQH6x")


class Sockets0(Sockets):
    """There is no sock_accept."""

    sock_accept = None  # type: ignore[assignment]


# By class of preview 1, the class that replaces it.
REPLACED: dict[type, type] = {
    Descriptors: Descriptors0,
    Paths: Paths0,
    Poll: Poll0,
    Sockets: Sockets0,
}
