"""Waiting, for no longer than the running call has time.

The engine stops machine code when a call's time is up, but cannot stop a host function: a guest that sleeps
or reads from a silent pipe would outlive its timeout. So whatever may block waits here.
"""

from __future__ import annotations

import _thread
import select
import time

from linocut import deadline
from linocut.errors import Timeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

# select.poll counts milliseconds in an int and time.sleep has a largest value too: long waits go in steps.
_LONGEST = 3600.0
# The pause between two looks at something that the host sends no event for.
_SHORT = 2_000_000  # ns

READ = select.POLLIN
WRITE = select.POLLOUT


def is_limited() -> bool:
    """Whether the running call has a timeout."""
    return deadline() is not None


def check() -> None:
    """Raises Timeout when the time is up."""
    moment = deadline()
    if moment is not None and time.monotonic_ns() >= moment:
        raise Timeout("the call's time is up")


def sleep(until: int) -> None:
    """Sleeps until a moment in monotonic nanoseconds; returns early only by an exception."""
    while (pause := _pause(until)) > 0:
        time.sleep(pause)


def sleep_shortly() -> None:
    """The pause before looking again at something that cannot be waited for."""
    sleep(time.monotonic_ns() + _SHORT)


def ready(events: dict[int, int], until: int | None = None) -> dict[int, int]:
    """Waits for events (host descriptor: mask); gives those that came, none when `until` came first."""
    poller = select.poll()
    for descriptor, mask in events.items():
        poller.register(descriptor, mask)
    while True:
        pause = _pause(until)
        if came := poller.poll(pause * 1e3):
            return dict(came)
        if pause <= 0:
            return {}


def aside(operation: Callable[[], T]) -> T:
    """Calls an operation that the host cannot be told to stop.

    If the running call has a timeout, another thread calls it, which ends alone when the time is up.
    """
    if not is_limited():
        return operation()
    results: list[T] = []
    failures: list[BaseException] = []
    done = _thread.allocate_lock()
    done.acquire()

    def run() -> None:
        try:
            results.append(operation())
        except BaseException as error:
            failures.append(error)
        finally:
            done.release()

    _thread.start_new_thread(run, ())
    while not done.acquire(timeout=_pause(None)):
        pass
    if failures:
        raise failures[0]
    return results[0]


def _pause(until: int | None) -> float:
    check()
    moments = [moment for moment in (until, deadline()) if moment is not None]
    if not moments:
        return _LONGEST
    return min(_LONGEST, max(0.0, (min(moments) - time.monotonic_ns()) / 1e9))
