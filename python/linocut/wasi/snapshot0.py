"""The snapshot before preview 1, `wasi_unstable`: what it has otherwise.

Its functions have the same names and types, without sock_accept. Its facts are those of its own description
(WASI's snapshot_0, typenames.witx).
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
    """Seeking counts its origins in another order."""

    whences = (os.SEEK_CUR, os.SEEK_END, os.SEEK_SET)
    filestat = _FILESTAT


class Paths0(Paths):
    """A file has fewer links."""

    filestat = _FILESTAT


class Poll0(Poll):
    """A clock has an identifier of the guest's, a u64, before its id."""

    clock = Struct("<24xI4xQQH6x")


class Sockets0(Sockets):
    """Nothing accepts connections."""

    sock_accept = None  # type: ignore[assignment]


# In place of what preview 1 has.
REPLACED: dict[type, type] = {
    Descriptors: Descriptors0,
    Paths: Paths0,
    Poll: Poll0,
    Sockets: Sockets0,
}
