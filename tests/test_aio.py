"""`linocut.aio`: calls that are awaited and cancelled, host functions that await."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import subprocess
import sys
import threading
from typing import Any

import linocut
import pytest
from linocut import aio

TEXT = """(module (import "" "host" (func $host (param i32) (result i32)))
  (func (export "spin") (loop (br 0)))
  (func (export "twice") (param i32) (result i32)
    (call $host (local.get 0)) (call $host (local.get 0)) (i32.add))
  (func (export "divide") (param i32) (result i32) (i32.div_s (i32.const 6) (local.get 0))))"""
MODULE = linocut.load(TEXT)


async def same(number: int) -> int:
    await asyncio.sleep(0)
    return number


SAME = aio.host(same)


def instantiate(host: Any = SAME) -> Any:
    return MODULE.instantiate({"": {"host": host}}).exports


def test_results_and_traps() -> None:
    exports = instantiate()
    assert asyncio.run(aio.call(exports.divide, 3)) == 2
    with pytest.raises(linocut.Trap, match="divide by zero"):
        asyncio.run(aio.call(exports.divide, 0))
    with pytest.raises(TypeError):
        asyncio.run(aio.call(exports.divide, "x"))


def test_the_loop_goes_on_and_coroutines_run_in_it() -> None:
    async def host(number: int) -> int:
        assert asyncio.get_running_loop() is loop
        assert threading.get_ident() == home
        await asyncio.wait_for(event.wait(), 30)
        return number

    async def main() -> int:
        nonlocal loop, event
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        task = asyncio.create_task(aio.call(instantiate(aio.host(host)).twice, 21))
        await asyncio.sleep(0.01)
        assert not task.done()
        event.set()
        return await task

    loop: asyncio.AbstractEventLoop
    event: asyncio.Event
    home = threading.get_ident()
    assert asyncio.run(main()) == 42


@pytest.mark.parametrize("name", ["spin", "twice"])
def test_cancelling_ends_the_call(name: str) -> None:
    """In machine code, or while a coroutine of the host is awaited: which is cancelled, too."""
    seen: list[str] = []

    async def host(number: int) -> int:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise
        return number

    async def main() -> None:
        exports = instantiate(aio.host(host))
        for pause in (0, 0, 0.001, 0.02):
            task = asyncio.create_task(aio.call(exports[name], *([] if name == "spin" else [1])))
            await asyncio.sleep(pause)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await aio.call(exports.divide, 2) == 3
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await aio.call(exports[name], *([] if name == "spin" else [1]))

    asyncio.run(main())
    assert (seen != []) == (name == "twice")


def test_run_returns_though_a_guest_spins() -> None:
    program = """if 1:
        import asyncio, linocut, linocut.aio
        spin = linocut.load('(module (func (export "spin") (loop (br 0))))').instantiate().exports.spin
        async def main():
            task = asyncio.create_task(linocut.aio.call(spin))
            await asyncio.sleep(0.05)
        asyncio.run(main())
        print("done")"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_timeouts_of_the_call() -> None:
    async def forever(number: int) -> int:
        await asyncio.sleep(3600)
        return number

    async def own_timeout(number: int) -> int:
        async with asyncio.timeout(0):
            await asyncio.sleep(3600)
        return number

    exports = instantiate(aio.host(forever))
    for function, arguments in ((exports.spin, ()), (exports.twice, (1,))):
        with pytest.raises(linocut.Timeout):
            asyncio.run(aio.call(function, *arguments, timeout=0.05))
    with pytest.raises(TimeoutError) as caught:
        asyncio.run(aio.call(instantiate(aio.host(own_timeout)).twice, 1, timeout=60))
    assert not isinstance(caught.value, linocut.Timeout)


def test_a_coroutine_that_ends_just_when_its_time_is_up_has_its_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Late(concurrent.futures.Future[int]):
        def result(self, timeout: float | None = None) -> int:
            if timeout is not None:
                raise concurrent.futures.TimeoutError
            return super().result()

    def run(coroutine: Any, loop: asyncio.AbstractEventLoop) -> Late:
        coroutine.close()
        late = Late()
        late.set_result(7)
        return late

    monkeypatch.setattr(asyncio, "run_coroutine_threadsafe", run)
    assert asyncio.run(aio.call(instantiate().twice, 1, timeout=60)) == 14


def test_exceptions_of_coroutines_come_out() -> None:
    async def fail(number: int) -> int:
        await asyncio.sleep(0)
        raise KeyError(number)

    with pytest.raises(KeyError, match="7"):
        asyncio.run(aio.call(instantiate(aio.host(fail)).twice, 7))


def test_calls_into_one_store_take_turns_and_those_into_others_do_not() -> None:
    running = most = 0

    async def host(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.005)
        running -= 1
        return number

    async def main() -> None:
        nonlocal most
        most = 0
        exports = instantiate(aio.host(host))
        assert await asyncio.gather(*(aio.call(exports.twice, n) for n in range(10))) == [
            2 * n for n in range(10)
        ]
        assert most == 1
        others = [instantiate(aio.host(host)) for _ in range(10)]
        await asyncio.gather(*(aio.call(other.twice, 1) for other in others))
        assert most > 1

    asyncio.run(main())
    asyncio.run(main())  # another loop


def test_a_host_function_that_calls_into_its_own_store_is_told() -> None:
    async def host(number: int) -> int:
        return await aio.call(exports.divide, number)  # type: ignore[no-any-return]

    async def other(number: int) -> int:
        return await aio.call(below.divide, number)  # type: ignore[no-any-return]

    exports = instantiate(aio.host(host))
    with pytest.raises(RuntimeError, match="cannot call into the store that waits for it"):
        asyncio.run(aio.call(exports.twice, 1))
    below = instantiate()
    assert asyncio.run(aio.call(instantiate(aio.host(other)).twice, 3)) == 4


def test_a_coroutine_function_wants_an_awaited_call() -> None:
    with pytest.raises(RuntimeError, match=r"same awaits: call WebAssembly by linocut\.aio\.call"):
        instantiate().twice(1)


def test_context_variables_are_those_of_the_caller() -> None:
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable")

    async def awaited(number: int) -> int:
        return number + variable.get()

    async def main() -> tuple[int, int]:
        variable.set(10)
        plain = instantiate(lambda number: number + variable.get())
        return await aio.call(plain.twice, 1), await aio.call(instantiate(aio.host(awaited)).twice, 1)

    assert asyncio.run(main()) == (22, 22)


def test_importing_linocut_imports_no_asyncio() -> None:
    program = "import linocut, sys; linocut.load(b'\\0asm\\1\\0\\0\\0'); print('asyncio' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", program], text=True, timeout=60) == "False\n"
