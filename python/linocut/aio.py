"""WebAssembly beside an event loop: calls that can be awaited and cancelled, and host functions that await.

A call runs in a thread of its own while the loop goes on; cancelling it ends the machine code within some
milliseconds, and so does `asyncio.timeout`. Host functions that are coroutine functions run in the loop while
that thread waits.

>>> import asyncio, linocut, linocut.aio
>>> async def double(number: int) -> int:
...     await asyncio.sleep(0.001)
...     return 2 * number
>>> module = linocut.load('(module (import "env" "double" (func $double (param i32) (result i32)))'
...                       '  (func (export "f") (param i32) (result i32) (call $double (local.get 0))))')
>>> f = module.instantiate({"env": {"double": linocut.aio.host(double)}}).exports.f
>>> asyncio.run(linocut.aio.call(f, 21))
42
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import contextvars
import functools
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from linocut import Timeout, deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from linocut import Func, Store

    T = TypeVar("T")

__all__ = ["call", "host"]

# Between two attempts to interrupt a call, which may be only just beginning, or busy in a host function.
_SHORT, _LONG = 0.001, 0.05


async def call(function: Func, *args: Any, timeout: float | None = None) -> Any:
    """Call an exported function in a thread of its own, and await what it returns or raises.

    Calls into one store take turns, as far as they are made in one loop. `timeout` is the call's own, in
    seconds: it raises `Timeout`. When the task is cancelled the call is interrupted and CancelledError raised
    once it has ended: a host function that blocks is waited for, one made by `host` is cancelled.

    Raises RuntimeError in a host function of the same store, which waits for that function and not for
    another call.
    """
    store = function.store
    if store in [running.store for running in _running.get()]:
        raise RuntimeError("a host function cannot call into the store that waits for it")
    async with _turn(store):
        return await _Call(store).carry_out(functools.partial(function, *args, timeout=timeout))


def host(function: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
    """Make a host function of a coroutine function, for calls by `call`: it runs in their loop.

    Such a call's `timeout` cancels it, too.
    """

    @functools.wraps(function)
    def call_and_wait(*args: Any) -> Any:
        running = _running.get()
        if not running:
            raise RuntimeError(f"{function.__name__} awaits: call WebAssembly by linocut.aio.call")
        return running[-1].wait_for(function(*args))

    # functools.wraps makes it look like a coroutine function to those who ask.
    del call_and_wait.__wrapped__
    return call_and_wait


class _Call:
    """A call in its thread."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._loop = asyncio.get_running_loop()
        self._done = self._loop.create_future()
        self._is_cancelled = False
        self._awaited: concurrent.futures.Future[Any] | None = None

    async def carry_out(self, function: Callable[[], T]) -> T:
        context = contextvars.copy_context()
        context.run(_running.set, (*_running.get(), self))
        threading.Thread(target=context.run, args=(self._run, function), daemon=True).start()
        try:
            await asyncio.shield(self._done)
        except asyncio.CancelledError:
            await self._stop()
            raise
        result, error = self._done.result()
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]

    def _run(self, function: Callable[[], object]) -> None:
        result, error = None, None
        try:
            if not self._is_cancelled:
                result = function()
        except BaseException as raised:
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._done.set_result, (result, error))

    def wait_for(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """In the thread: what the coroutine returns, which the loop runs."""
        if self._is_cancelled:
            coroutine.close()
            raise asyncio.CancelledError
        self._awaited = future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result(_time_left())
        except concurrent.futures.TimeoutError:
            if not future.cancel():
                return future.result()  # it is over: a TimeoutError is its own
            raise Timeout("the call's time is up") from None
        finally:
            self._awaited = None

    async def _stop(self) -> None:
        """End the call; whoever cancels again waits as long."""
        self._is_cancelled = True
        pause = _SHORT
        while not self._done.done():
            if self._awaited is not None:
                self._awaited.cancel()
            self.store.interrupt()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([self._done], timeout=pause)
            pause = min(2 * pause, _LONG)


def _time_left() -> float | None:
    """Of the call that runs in this thread, in seconds."""
    moment = deadline()
    return None if moment is None else max(0.0, (moment - time.monotonic_ns()) / 1e9)


# The calls, on top of each other, that the current host function or coroutine serves.
_running: contextvars.ContextVar[tuple[_Call, ...]] = contextvars.ContextVar("linocut_calls", default=())

_turns: WeakKeyDictionary[Store, tuple[asyncio.AbstractEventLoop, asyncio.Lock]] = WeakKeyDictionary()


def _turn(store: Store) -> asyncio.Lock:
    loop = asyncio.get_running_loop()
    known = _turns.get(store)
    if known is None or known[0] is not loop:
        known = _turns[store] = loop, asyncio.Lock()
    return known[1]
