"""How far a run is, where somebody looks on."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TextIO

# Seconds between two lines where no terminal can show one line that changes.
_INTERVAL = 30.0


class Progress:
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


def time_left(seconds: float) -> str:
    """`, about 1:05 left`: the end of a line."""
    minutes, rest = divmod(round(seconds), 60)
    return f", about {minutes}:{rest:02} left"
