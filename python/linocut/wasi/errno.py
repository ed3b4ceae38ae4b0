"""Preview 1's error numbers, and the exception that carries one out of a WASI function."""

from __future__ import annotations

import errno as host

# In the order of the specification's `errno` variant: the index is the number.
NAMES = tuple(
    """SUCCESS 2BIG ACCES ADDRINUSE ADDRNOTAVAIL AFNOSUPPORT AGAIN ALREADY BADF BADMSG BUSY CANCELED CHILD
    CONNABORTED CONNREFUSED CONNRESET DEADLK DESTADDRREQ DOM DQUOT EXIST FAULT FBIG HOSTUNREACH IDRM ILSEQ
    INPROGRESS INTR INVAL IO ISCONN ISDIR LOOP MFILE MLINK MSGSIZE MULTIHOP NAMETOOLONG NETDOWN NETRESET
    NETUNREACH NFILE NOBUFS NODEV NOENT NOEXEC NOLCK NOLINK NOMEM NOMSG NOPROTOOPT NOSPC NOSYS NOTCONN NOTDIR
    NOTEMPTY NOTRECOVERABLE NOTSOCK NOTSUP NOTTY NXIO OVERFLOW OWNERDEAD PERM PIPE PROTO PROTONOSUPPORT
    PROTOTYPE RANGE ROFS SPIPE SRCH STALE TIMEDOUT TXTBSY XDEV NOTCAPABLE""".split()
)

# Those that this package raises by itself; all others come from the host's OSError.
SUCCESS = 0
AGAIN = 6
BADF = 8
FAULT = 21
INVAL = 28
IO = 29
ISDIR = 31
LOOP = 32
MFILE = 33
NAMETOOLONG = 37
NOENT = 44
NOTDIR = 54
NOTEMPTY = 55
NOTSOCK = 57
NOTSUP = 58
PERM = 63
SPIPE = 70
NOTCAPABLE = 76

_FROM_HOST = {
    getattr(host, "E" + name): number for number, name in enumerate(NAMES) if hasattr(host, "E" + name)
}


class Failure(Exception):  # noqa: N818 - what WASI calls it
    """A WASI function cannot do what was asked; the guest sees `errno` as its result."""

    def __init__(self, errno: int) -> None:
        self.errno = errno

    def __str__(self) -> str:
        return NAMES[self.errno]


def from_host(error: OSError) -> int:
    """The preview 1 number of a host error; IO where preview 1 has no name for it."""
    return _FROM_HOST.get(error.errno, IO)
