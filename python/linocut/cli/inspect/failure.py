"""What may go wrong with a user's file or function, and how it is said."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import linocut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

USAGE_ERROR = 2
FAILURES = (OSError, LookupError, ValueError, linocut.ModuleError, ModuleNotFoundError)


def message(error: Exception) -> str:
    """One line."""
    if isinstance(error, ModuleNotFoundError) and error.name == "capstone":
        return "disassembly needs capstone: pip install linocut[inspect]"
    return str(error.args[0]) if isinstance(error, LookupError) else str(error)


def print_lines(command: str, lines: Callable[[], Iterable[str]]) -> int:
    """Print what a command has to say: its exit code, which is 2 if it fails at that."""
    try:
        for line in lines():
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:  # an OSError, but no failure: cli/__main__.py knows what to do
        raise
    except FAILURES as error:
        print(f"linocut {command}: {message(error)}", file=sys.stderr)
        return USAGE_ERROR
    return 0
