"""SIGTERM as what Ctrl-C is: what a command keeps when it is interrupted, it keeps either way."""

from __future__ import annotations

import signal
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SHELL = 128  # what a shell adds to the number of the signal that ended a program
_last = signal.SIGINT


class Terminated(KeyboardInterrupt):
    """SIGTERM has come."""


@contextmanager
def terminable() -> Iterator[None]:
    """Until the end of the block, SIGTERM raises Terminated; a second one ends the process at once."""
    global _last
    before = signal.getsignal(signal.SIGTERM)
    try:
        if before is not signal.SIG_IGN:
            signal.signal(signal.SIGTERM, _terminate)
    except ValueError:  # not the main thread: signals are not ours
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        _last = signal.SIGINT


def exit_code() -> int:
    """The exit code of what has been interrupted, as a shell gives it."""
    return _SHELL + _last


def _terminate(number: int, _frame: object) -> None:
    global _last
    _last = signal.Signals(number)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise Terminated
