"""How a command that cannot do what it was asked ends: one line on standard error, and an exit code.

`__main__.py` ends every command so, whatever it raises; commands that print results to files, or that others
call, may do it themselves.
"""

from __future__ import annotations

import os
import sys

from linocut.cli import signals
from linocut.errors import Error
from linocut.tooling import ToolError, message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

USAGE_ERROR, INTERNAL, UNABLE = 2, 119, 125
BROKEN_PIPE = 141  # what a shell says of a program that SIGPIPE (13) has ended
DEBUG = "LINOCUT_DEBUG"


# About what was given, not about how it was dealt with. Anything else that is raised is a mistake of ours.
_EXPECTED = (ToolError, Error, OSError, ImportError)


def run_to_end(command: str, act: Callable[[], int]) -> int:
    """The exit code of a command, also of one that raises; all that it has printed is written."""
    try:
        code = _returned(act)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BaseException as error:
        return fail(command, error)
    return code


def _returned(act: Callable[[], int]) -> int:
    """Also where argparse leaves by an exit of its own."""
    try:
        return act()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0


def fail(command: str, error: BaseException) -> int:
    """Say what went wrong in a line that begins with the command; the exit code."""
    if isinstance(error, BrokenPipeError):  # `| head` has seen enough
        _abandon(sys.stdout)
        return BROKEN_PIPE
    if lost := _unwritable():
        _abandon(sys.stdout)
        return say(f"{command}: standard output: {lost.strerror}", USAGE_ERROR)
    if isinstance(error, KeyboardInterrupt):
        return say(f"{command}: interrupted", signals.exit_code())
    if isinstance(error, MemoryError):
        return say(f"{command}: {str(error) or 'out of memory'}", UNABLE)
    if isinstance(error, _EXPECTED):
        return say(f"{command}: {message(error)}", USAGE_ERROR)
    return _internal(command, error)


def say(text: str, code: int) -> int:
    """Print a line of ours to standard error, in characters that do a terminal nothing; gives the code."""
    print_error(f"linocut {text}")
    return code


def print_error(text: str) -> None:
    """A line for standard error, where there is one that takes it."""
    line = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        _abandon(sys.stderr)


def _internal(command: str, error: BaseException) -> int:
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    what = f"{type(error).__name__}: {error}".partition("\n")[0]
    how = "please report it, with what " + f"{DEBUG}=1 prints before this line"
    return say(f"{command}: a mistake in linocut: {what} ({how}; see CONTRIBUTING.md)", INTERNAL)


def _unwritable() -> OSError | None:
    """Why standard output does not take what was printed."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        return error
    return None


def _abandon(stream: TextIO | None) -> None:
    """What is still to be written goes nowhere, so that Python does not fail at it when it ends."""
    if stream is None:
        return
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):  # no file, as in tests
        return
