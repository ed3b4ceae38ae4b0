"""The four clocks."""

from __future__ import annotations

import time

from linocut.wasi import errno
from linocut.wasi.errno import Failure
from linocut.wasi.function import Noun, preview1

REALTIME = 0
MONOTONIC = 1

_HOST_CLOCKS = {
    REALTIME: time.CLOCK_REALTIME,
    MONOTONIC: time.CLOCK_MONOTONIC,
    2: time.CLOCK_PROCESS_CPUTIME_ID,
    3: time.CLOCK_THREAD_CPUTIME_ID,
}


class Clock(Noun):
    """Times in nanoseconds."""

    @preview1("i32 i32")
    def clock_res_get(self, clock: int, out: int) -> None:
        """The step of a clock."""
        self._guest.put_u64(out, round(time.clock_getres(_host_clock(clock)) * 1e9))

    @preview1("i32 i64 i32")
    def clock_time_get(self, clock: int, precision: int, out: int) -> None:
        """The time on a clock."""
        # `precision` allows a coarser answer; the precise one costs no more.
        self._guest.put_u64(out, now(clock))


def now(clock: int) -> int:
    """The time on a clock, by preview 1's number."""
    return time.clock_gettime_ns(_host_clock(clock))


def _host_clock(clock: int) -> int:
    try:
        return _HOST_CLOCKS[clock]
    except KeyError:
        raise Failure(errno.INVAL) from None
