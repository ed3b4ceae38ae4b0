"""Threads of one WASI process (wasi-threads): an instance and a store each, and one shared memory."""

from __future__ import annotations

import sys
import time
from _thread import allocate_lock, get_ident

from linocut import LinkError, Memory
from linocut.types import FuncType, MemoryType
from linocut.wasi.errno import AGAIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from threading import Thread
    from types import FrameType

    from linocut import Instance, Limits, Module
    from linocut.types import ImportType

MODULE, SPAWN, START = "wasi", "thread-spawn", "wasi_thread_start"
SPAWN_TYPE, START_TYPE = FuncType(["i32"], ["i32"]), FuncType(["i32", "i32"])
_MOST = 0x1FFF_FFFF  # the greatest number of a thread (wasi-threads, "thread IDs")
_SECONDS_TO_END = 1.0
_MOMENT = 20e-6  # seconds
_PAGE = 65536  # bytes


class Ended(BaseException):
    """Raised in a thread when another one has ended the process; the process knows the reason."""


def shared_memories(module: Module, limits: Limits) -> dict[str, dict[str, object]]:
    """A new memory for each shared one that the module imports, by the two names, within the limits."""
    made: dict[str, dict[str, object]] = {}
    for wanted in module.imports:
        type_ = wanted.type
        if isinstance(type_, MemoryType) and type_.shared:
            most = _most_pages(type_, limits)
            if type_.min > most:
                raise LinkError(
                    f"{wanted.module}.{wanted.name} begins with {type_.min} pages: "
                    f"the limit is {limits.memory} bytes"
                )
            memory = Memory(type_.min, most, shared=True)
            made.setdefault(wanted.module, {})[wanted.name] = memory
    return made


def _most_pages(type_: MemoryType, limits: Limits) -> int:
    assert type_.max is not None  # as shared ones have
    return type_.max if limits.memory is None else min(type_.max, limits.memory // _PAGE)


def is_spawn(wanted: ImportType) -> bool:
    """Whether it is the function that makes threads."""
    return (wanted.module, wanted.name) == (MODULE, SPAWN)


class Call:
    """A call of `thread-spawn`."""

    def __init__(self, frame: FrameType) -> None:
        self._frame: FrameType | None = frame
        self._thread = get_ident()

    def wait_for_return(self) -> None:
        """Waits until the guest has gone on behind the call.

        Zig's std.Thread writes a thread's number into memory where the thread's end is seen, too: it would
        wait for ever for a thread that ends before. `Spawn` keeps Python's lock when it returns, so that the
        caller's frame is seen gone only by who got the lock from the guest.
        """
        while self._is_running():
            time.sleep(_MOMENT)
        self._frame = None

    def _is_running(self) -> bool:
        frame = sys._current_frames().get(self._thread)
        while frame is not None and frame is not self._frame:
            frame = frame.f_back
        return frame is not None


class Spawn:
    """The function `thread-spawn` for guests of one process."""

    __linocut_keeps_lock__ = True  # core/bind/host_call.hpp

    def __init__(self, threads: Threads) -> None:
        self._threads = threads

    def __call__(self, argument: int) -> int:  # noqa: D102
        return self._threads.spawn(argument, Call(sys._getframe()))


class Threads:
    """The threads of one process; `imports` has what their instances import, except the spawning function."""

    def __init__(self, module: Module, imports: Mapping[str, Mapping[str, object]], limits: Limits) -> None:
        _check_start(module)
        self._module = module
        self._limits = limits
        self._imports = {**imports, MODULE: {**imports.get(MODULE, {}), SPAWN: Spawn(self)}}
        self._lock = allocate_lock()
        self._running: dict[int, int] = {}  # Python's number of the thread → the guest's; the first is 0
        self._spawned: list[Thread] = []
        self._last = 0
        self._reason: BaseException | None = None
        self._has_ended = False

    def instantiate(self, timeout: float | None = None) -> Instance:
        """The instance of a thread, in a store of its own."""
        return self._module.instantiate(self._imports, limits=self._limits, timeout=timeout)

    def call(self, function: Callable[..., object], *arguments: object, timeout: float | None) -> object:
        """Calls a function of the guest on this thread; raises whatever ended the process on another one."""
        try:
            self._enter(0)
            try:
                return function(*arguments, timeout=timeout)
            finally:
                self._leave()
        except Ended:
            if self._reason is None:
                raise
        raise self._reason

    def end(self) -> None:
        """Ends all other threads; one that still waits outside of the guest after a while is left alone."""
        self._stop(None)
        latest = time.monotonic() + _SECONDS_TO_END
        for thread in self._spawned:
            thread.join(max(0.0, latest - time.monotonic()))

    def spawn(self, argument: int, call: Call) -> int:
        """Makes a thread that begins when that call has returned; its number, or an error's below 0."""
        from threading import Thread

        with self._lock:
            if self._has_ended or self._last == _MOST:
                return -AGAIN
            self._last += 1
            number = self._last
            thread = Thread(target=self._run, args=(number, argument, call), daemon=True)
            self._spawned = [other for other in self._spawned if other.is_alive()]
            self._spawned.append(thread)
        try:
            thread.start()
        except RuntimeError:  # the system gives no more threads
            self._spawned.remove(thread)
            return -AGAIN
        return number

    def _run(self, number: int, argument: int, call: Call) -> None:
        """A thread from its beginning to its end; what ends it early ends the process."""
        call.wait_for_return()
        try:
            self._enter(number)
            try:
                self.instantiate().exports[START](number, argument)
            finally:
                self._leave()
        except Ended:
            pass
        except BaseException as reason:  # to be raised on the thread that started the process
            self._stop(reason)

    def _enter(self, number: int) -> None:
        with self._lock:
            if self._has_ended:
                raise Ended
            self._running[get_ident()] = number

    def _leave(self) -> None:
        with self._lock:
            self._running.pop(get_ident(), None)
            if self._has_ended:
                raise_in(get_ident(), None)

    def _stop(self, reason: BaseException | None) -> None:
        with self._lock:
            if self._has_ended:
                return
            self._has_ended = True
            self._reason = reason
            for thread in self._running:
                if thread != get_ident():
                    raise_in(thread, Ended)


def _check_start(module: Module) -> None:
    """LinkError unless the module has what a thread begins with."""
    found = next((export.type for export in module.exports if export.name == START), None)
    if found != START_TYPE:
        has = "no such export" if found is None else f"{found}"
        wanted = f'must export "{START}", {START_TYPE}'
        raise LinkError(f'a module that imports "{MODULE}" "{SPAWN}" {wanted}: it has {has}')


def raise_in(thread: int, kind: type[BaseException] | None) -> None:
    """Has the exception raised in a thread soon, also while it is in the guest; None takes that back."""
    import ctypes

    exception = None if kind is None else ctypes.py_object(kind)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), exception)
