"""The moment at which a run must be over, also while the guest is waiting in a host call.

The engine stops machine code at a deadline, but cannot stop a host function: a guest that sleeps or reads
from a silent pipe would outlive its timeout. So whatever may block waits here.
"""

from __future__ import annotations

import select
import time

from linocut.errors import Timeout

# select.poll counts milliseconds in an int and time.sleep has a largest value too: long waits go in steps.
_LONGEST = 3600.0

READ = select.POLLIN
WRITE = select.POLLOUT


class Deadline:
    """Waiting, bounded by a moment on the monotonic clock."""

    __slots__ = ("_moment", "_timeout")

    def __init__(self) -> None:
        self._moment: int | None = None
        self._timeout: float | None = None

    @property
    def is_set(self) -> bool:
        """Whether there is such a moment at all."""
        return self._moment is not None

    def set(self, timeout: float | None) -> None:
        """Puts the moment `timeout` seconds from now; None takes it away."""
        self._timeout = timeout
        self._moment = None if timeout is None else time.monotonic_ns() + int(timeout * 1e9)

    def check(self) -> None:
        """Raises Timeout when the moment has passed."""
        if self._moment is not None and time.monotonic_ns() >= self._moment:
            raise Timeout(f"the guest ran for more than {self._timeout:g} s")

    def sleep(self, until: int) -> None:
        """Sleeps until a moment in monotonic nanoseconds; returns early only by an exception."""
        while (pause := self._pause(until)) > 0:
            time.sleep(pause)

    def poll(self, events: dict[int, int], until: int | None) -> dict[int, int]:
        """Waits for events (host descriptor: mask); gives those that came, none when `until` came first."""
        poller = select.poll()
        for descriptor, mask in events.items():
            poller.register(descriptor, mask)
        while True:
            pause = self._pause(until)
            if ready := poller.poll(pause * 1e3):
                return dict(ready)
            if pause <= 0:
                return {}

    def _pause(self, until: int | None) -> float:
        self.check()
        moments = [moment for moment in (until, self._moment) if moment is not None]
        if not moments:
            return _LONGEST
        return min(_LONGEST, max(0.0, (min(moments) - time.monotonic_ns()) / 1e9))
