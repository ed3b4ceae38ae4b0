"""Ending, signals, and giving way."""

from __future__ import annotations

import os

from linocut.wasi import errno
from linocut.wasi.errno import Failure
from linocut.wasi.function import Noun, preview1

_LAST_SIGNAL = 30
# Preview 1's numbers of the signals that a process without a handler ignores: none, chld, cont, urg, winch.
_IGNORED = (0, 16, 17, 22, 27)


class Exit(Exception):  # noqa: N818 - not an error
    """Raised through the guest by `proc_exit`; `code` is the guest's exit code, 0 to 4294967295.

    It is no `linocut.Error`: nothing went wrong.
    """

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"the guest exited with code {self.code}"


class Process(Noun):
    """What a process does to itself."""

    @preview1("i32", results="")
    def proc_exit(self, code: int) -> None:
        """Ends the guest."""
        raise Exit(code)

    @preview1("i32")
    def proc_raise(self, signal: int) -> None:
        """Ends the guest as a signal without a handler would, with code 128 plus the signal's number."""
        if signal > _LAST_SIGNAL:
            raise Failure(errno.INVAL)
        if signal not in _IGNORED:
            raise Exit(128 + signal)

    @preview1("")
    def sched_yield(self) -> None:
        """Lets others run."""
        os.sched_yield()
