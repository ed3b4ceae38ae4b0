"""poll_oneoff: waiting for clocks and descriptors at once."""

from __future__ import annotations

import fcntl
import select
import termios
from struct import Struct

from linocut.wasi import clock, errno, rights, wait
from linocut.wasi.errno import Failure
from linocut.wasi.function import Noun, preview1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from linocut.wasi.table import Table

# A subscription begins with userdata: u64 · tag: u8 · for a descriptor, its number: u32
_HEAD = Struct("<QB7xI")
# … and continues, for a clock, with id: u32 · timeout, precision: u64 · flags: u16. This is its whole size.
CLOCK = Struct("<16xI4xQQH6x")
# userdata: u64 · error: u16 · tag: u8 · bytes available: u64 · flags: u16
_EVENT = Struct("<QHB5xQH6x")

_CLOCK, _READ, _WRITE = 0, 1, 2
_ABSOLUTE = 1
_HANGUP = 1

# As many as descriptors may be subscribed for both directions, and then some clocks.
_MAX_SUBSCRIPTIONS = 4096


class Poll(Noun):
    """Takes subscriptions and gives the events of those that came true."""

    # Another snapshot has another layout (snapshot0.py).
    clock = CLOCK

    @preview1("i32 i32 i32 i32")
    def poll_oneoff(self, subscriptions: int, events: int, count: int, out: int) -> None:
        """Waits until at least one subscription has come true."""
        if not 0 < count <= _MAX_SUBSCRIPTIONS:
            raise Failure(errno.INVAL)
        self._guest.check_bounds(events, _EVENT.size * count)
        self._guest.check_bounds(out, 4)
        wanted = [self._subscription(subscriptions + self.clock.size * i) for i in range(count)]
        came = self._wait(wanted)
        for i, event in enumerate(came):
            self._guest.pack(_EVENT, events + _EVENT.size * i, *event)
        self._guest.put_u32(out, len(came))

    def _subscription(self, address: int) -> Timer | Readiness:
        userdata, tag, number = self._guest.unpack(_HEAD, address)
        clock_id, timeout, _, flags = self._guest.unpack(self.clock, address)
        if tag == _CLOCK:
            return Timer(userdata, clock_id, timeout, flags)
        if tag in (_READ, _WRITE):
            return Readiness(userdata, tag, number, self._table)
        raise Failure(errno.INVAL)

    def _wait(self, wanted: list[Timer | Readiness]) -> list[tuple[int, ...]]:
        timers = [want for want in wanted if isinstance(want, Timer)]
        until = min((timer.until for timer in timers), default=None)
        masks: dict[int, int] = {}
        for want in wanted:
            if isinstance(want, Readiness):
                if want.is_immediate:
                    until = 0
                else:
                    masks[want.fd] = masks.get(want.fd, 0) | want.mask
        ready: dict[int, int] = {}
        if masks:
            ready = wait.ready(masks, until)
        elif until:
            wait.sleep(until)
        now = clock.now(clock.MONOTONIC)
        return [event for want in wanted if (event := want.event(now, ready))]


class Timer:
    """A subscription to a moment; `until` is that moment in monotonic nanoseconds, 0 for at once."""

    def __init__(self, userdata: int, clock_id: int, timeout: int, flags: int) -> None:
        self._userdata = userdata
        self._error = errno.SUCCESS
        self.until = 0
        try:
            passed = clock.now(clock_id)
            self.until = clock.now(clock.MONOTONIC) + timeout - (passed if flags & _ABSOLUTE else 0)
        except Failure as failure:
            self._error = failure.errno

    def event(self, now: int, ready: dict[int, int]) -> tuple[int, ...] | None:
        """The fields of its event, if the moment is past."""
        return (self._userdata, self._error, _CLOCK, 0, 0) if self.until <= now else None


class Readiness:
    """A subscription to a descriptor's being ready; `fd` and `mask` are what the host polls."""

    def __init__(self, userdata: int, tag: int, number: int, table: Table) -> None:
        self._userdata = userdata
        self._tag = tag
        self._error = errno.SUCCESS
        self.fd = -1
        self.mask = wait.READ if tag == _READ else wait.WRITE
        try:
            self.fd = table.file(number, rights.POLL_FD_READWRITE).fd
        except Failure as failure:
            self._error = failure.errno

    @property
    def is_immediate(self) -> bool:
        """Whether there is nothing to wait for: an error, or a stream that does not say when it is ready."""
        return self.fd < 0

    def event(self, now: int, ready: dict[int, int]) -> tuple[int, ...] | None:
        """The fields of its event, if it is ready."""
        if self.is_immediate:
            return self._userdata, self._error, self._tag, 0, 0
        mask = ready.get(self.fd, 0)
        if not mask & (self.mask | select.POLLHUP | select.POLLERR):
            return None
        hangup = _HANGUP if mask & select.POLLHUP else 0
        return self._userdata, errno.SUCCESS, self._tag, self._available(), hangup

    def _available(self) -> int:
        """How many bytes can be read; the host does not say how many can be written."""
        if self._tag == _WRITE:
            return 0
        try:
            return int.from_bytes(fcntl.ioctl(self.fd, termios.FIONREAD, b"\0" * 4), "little")
        except OSError:
            return 0
