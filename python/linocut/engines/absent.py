"""What is not on this machine."""

from __future__ import annotations

from linocut.cli.failure import CommandError


class Absent(CommandError):  # noqa: N818 - not an error: it is listed, and the run goes on
    """An engine, a suite or a module is not here; the text says how to get it."""
