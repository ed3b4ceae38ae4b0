"""Printing what a command finds out about a module, where the user's file or function may be wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from linocut.cli.failure import fail
from linocut.engines.code.foreign import NoCodeError
from linocut.tooling import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# What the library raises for a name or value that is wrong. Of their subclasses only our own: a KeyError or a
# UnicodeDecodeError is a mistake, and not the user's.
_MEANT = (LookupError, ValueError, NoCodeError)


def print_lines(command: str, lines: Callable[[], Iterable[str]]) -> int:
    """Print what a command has to say: its exit code, which says so if it fails at that."""
    try:
        for line in lines():
            print(line)
        sys.stdout.flush()
    except Exception as error:
        is_meant = type(error) in _MEANT
        return fail(command, ToolError(error.args[0]) if is_meant else error)
    return 0
