"""How far a run is, where somebody looks on."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING, TextIO

from linocut.tooling import Progress

if TYPE_CHECKING:
    from pathlib import Path

# Seconds between two lines where no terminal can show one line that changes.
_INTERVAL = 30.0


class TerminalProgress(Progress):
    """One line of a terminal that changes, or else a line now and then."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._printed_at = perf_counter()

    def say(self, text: str) -> None:
        """What is being done at this moment."""
        if self._is_terminal:
            self._write(f"\r\033[K{text}")
        elif perf_counter() - self._printed_at >= _INTERVAL:
            self._printed_at = perf_counter()
            self._write(f"{text}\n")

    def note(self, text: str) -> None:
        """What is to stay on the screen."""
        self._write(f"\r\033[K{text}\n" if self._is_terminal else f"{text}\n")

    def clear(self) -> None:
        """Takes the changing line away."""
        self.say("")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


class ScriptProgress:
    """Which script is running, on one line of a terminal that the next output overwrites."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = total
        self._stream = stream if stream.isatty() else None
        self._done = 0

    def begin(self, path: Path) -> None:
        """Show the next script's path."""
        self._done += 1
        self._show(f"[{self._done}/{self._total}] {path}")

    def end(self) -> None:
        """Make the line free for output."""
        self._show("")

    def _show(self, text: str) -> None:
        if self._stream is not None:
            self._stream.write(f"\r\x1b[K{text}")
            self._stream.flush()
