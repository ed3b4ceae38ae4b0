"""How long what took, for `--time`."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


class Stopwatch:
    """Names and durations of what was done, in order."""

    def __init__(self) -> None:
        self._laps: list[tuple[str, float]] = []

    def __call__(self, name: str) -> Stopwatch:
        """Starts a lap, which ends with the `with` block."""
        self._name = name
        self._start = time.perf_counter()
        return self

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._laps.append((self._name, time.perf_counter() - self._start))

    def __str__(self) -> str:
        return ", ".join(f"{name} {seconds * 1e3:.1f} ms" for name, seconds in self._laps)
