"""`Store.interrupt` ends a call from another thread, from a signal handler, from a host function."""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING

import linocut
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

TEXT = """(module (import "" "host" (func $host)) (memory 1 1 shared)
  (func (export "spin") (loop (br 0)))
  (func (export "spin_behind_host") (call $host) (loop (br 0)))
  (func (export "host") (call $host))
  (func (export "again") (loop (call $host) (br 0)))
  (func (export "wait") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
  (func (export "fill") (loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br 0)))
  (func (export "catch") (loop $l (block $b (try_table (catch_all $b) (loop (br 0)))) (br $l)))
  (func (export "one") (result i32) (i32.const 1)))"""


@pytest.fixture(params=[False, True], ids=["compiled", "interpreted"])
def module(request: pytest.FixtureRequest) -> linocut.Module:
    return linocut.load(TEXT, interpret=request.param)


def instantiate(module: linocut.Module, host: Callable[[], object] = lambda: None) -> Any:
    return module.instantiate({"": {"host": host}}).exports


class Interrupting:
    """Interrupts a store from another thread until it has met a call."""

    def __init__(self, store: linocut.Store) -> None:
        self._thread = threading.Thread(target=self._run, args=(store,))

    @staticmethod
    def _run(store: linocut.Store) -> None:
        while not store.interrupt():
            time.sleep(0.001)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *failure: object) -> None:
        self._thread.join()


@pytest.mark.parametrize("name", ["spin", "spin_behind_host", "again", "wait", "fill", "catch"])
def test_a_call_ends_and_the_instance_goes_on(module: linocut.Module, name: str) -> None:
    exports = instantiate(module)
    for _ in range(5):
        with (
            Interrupting(exports.one.store),
            pytest.raises(linocut.Interrupted, match="the call was interrupted"),
        ):
            exports[name]()
        assert exports.one() == 1


def test_when_nothing_runs_nothing_happens(module: linocut.Module) -> None:
    exports = instantiate(module)
    assert not exports.one.store.interrupt()
    assert exports.one() == 1
    assert not linocut.Store().interrupt()
    with pytest.raises(linocut.Timeout):
        exports.spin(timeout=0.05)


def test_only_the_call_of_that_store_ends(module: linocut.Module) -> None:
    one, other = instantiate(module), instantiate(module)
    ended: list[str] = []

    def spin(exports: Any, name: str) -> None:
        with pytest.raises(linocut.Interrupted):
            exports.spin()
        ended.append(name)

    threads = [threading.Thread(target=spin, args=pair) for pair in ((one, "one"), (other, "other"))]
    for thread in threads:
        thread.start()
    with Interrupting(other.spin.store):
        threads[1].join()
    assert ended == ["other"]
    with Interrupting(one.spin.store):
        threads[0].join()


def test_a_call_that_a_host_function_ends_leaves_no_interruption_behind(module: linocut.Module) -> None:
    """It was asked to stop while the host function ran, which raises; the next call is another one."""

    def fail() -> None:
        assert exports.host.store.interrupt()
        raise KeyError

    exports = instantiate(module, fail)
    for _ in range(3):
        with pytest.raises(KeyError):
            exports.host()
        with pytest.raises(linocut.Timeout):
            exports.spin(timeout=0.05)


def test_a_host_function_may_interrupt_its_own_call(module: linocut.Module) -> None:
    exports = instantiate(module, lambda: exports.host.store.interrupt() and None)
    with pytest.raises(linocut.Interrupted):
        exports.again()
    with pytest.raises(linocut.Interrupted):
        exports.host()


def test_of_calls_on_top_of_each_other_the_innermost_ends(module: linocut.Module) -> None:
    caught: list[object] = []

    def host() -> None:
        try:
            exports.spin()
        except linocut.Interrupted as error:
            caught.append(error)

    exports = instantiate(module, host)
    with Interrupting(exports.one.store):
        exports.host()
    assert len(caught) == 1


def test_a_store_below_another_one_is_interrupted_once_its_turn_comes(module: linocut.Module) -> None:
    above = instantiate(module)

    def host() -> None:
        assert below.host.store.interrupt()
        with pytest.raises(linocut.Timeout):
            above.spin(timeout=0.05)
        assert above.one() == 1

    below = instantiate(module, host)
    with pytest.raises(linocut.Interrupted):
        below.spin_behind_host()


@pytest.fixture
def alarm() -> Iterator[None]:
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("alarm")
def test_a_signal_handler_may_interrupt(module: linocut.Module) -> None:
    exports = instantiate(module)
    signal.signal(signal.SIGALRM, lambda *_: exports.spin.store.interrupt() and None)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    with pytest.raises(linocut.Interrupted):
        exports.spin()


def test_while_a_start_function_runs() -> None:
    store = linocut.Store()
    with Interrupting(store), pytest.raises(linocut.Interrupted):
        linocut.load("(module (start 0) (func (loop (br 0))))").instantiate(store=store)


def test_many_calls_and_interruptions_lose_nothing(module: linocut.Module) -> None:
    """Calls that are over when they are interrupted, or only begin: each either ends in 1 or is interrupted."""
    exports = instantiate(module)
    store, counts, stop = exports.one.store, [0, 0], threading.Event()

    def interrupt() -> None:
        while not stop.is_set():
            store.interrupt()

    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        for _ in range(3_000):
            try:
                counts[exports.one() == 1] += 1
            except linocut.Interrupted:
                counts[1] += 1
    finally:
        stop.set()
        thread.join()
    assert counts == [0, 3_000]
    assert exports.one() == 1


def test_functions_know_their_store(module: linocut.Module) -> None:
    instance = module.instantiate({"": {"host": lambda: None}})
    assert instance.exports.one.store is instance.store
    assert linocut.Func(lambda: None, linocut.FuncType([], [])).store is not instance.store
