"""What inspecting, bench, spec, fuzz and engines share, and what the command line makes of it.

They print nothing and know no exit codes: what cannot be done they raise, how far they are they tell a
`Progress`. The command line (cli/) turns the one into a line and an exit code, the other into a line of the
terminal.
"""

from __future__ import annotations

import os

from linocut.errors import Error
from linocut.extras import named


class ToolError(Exception):
    """What was asked for cannot be; the text says why, in one line."""


class Progress:
    """How far a run is, told to nobody; derive from it to tell somebody."""

    def say(self, text: str) -> None:
        """What is being done at this moment."""

    def note(self, text: str) -> None:
        """What is to stay on the screen."""

    def clear(self) -> None:
        """What was said last is no longer so."""


def message(error: BaseException) -> str:
    """One line: what went wrong, and where."""
    if isinstance(error, OSError) and error.strerror and not isinstance(error, Error):
        where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        return f"{where}{error.strerror}"
    if isinstance(error, ImportError):
        error = named(error)
    return str(error)


def time_left(seconds: float) -> str:
    """`, about 1:05 left`: the end of a line."""
    minutes, rest = divmod(round(seconds), 60)
    return f", about {minutes}:{rest:02} left"
