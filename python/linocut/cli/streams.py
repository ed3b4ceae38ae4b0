"""Standard streams that are closed: their numbers are taken, lest the next file that is opened become one.

`linocut … >&-` would otherwise print into a module's file, or a guest into the first one that it opens.
"""

from __future__ import annotations

import io
import os
import sys

# The wrong way round, so that reading and writing fail as they do of a closed stream; but what is said to
# nobody on standard error is no failure.
_FLAGS = (os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)
_MODES = ("r", "w", "w")


def take_closed_streams() -> None:
    """All three are open afterwards, and Python has an object for each."""
    for number, flags in enumerate(_FLAGS):
        if not _is_open(number):
            os.open(os.devnull, flags)  # the lowest number that is free
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, _wrapped(number))


def _wrapped(number: int) -> io.TextIOWrapper:
    raw = io.FileIO(number, _MODES[number], closefd=False)
    buffered = io.BufferedReader(raw) if number == 0 else io.BufferedWriter(raw)
    return io.TextIOWrapper(buffered, encoding="utf-8", errors="backslashreplace")


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
