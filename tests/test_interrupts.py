"""Deadlines and signals reach machine code that never looks at them."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import linocut
import pytest

SPIN = """(module (func (export "spin") (loop (br 0)))
  (func (export "count") (param i64) (result i64) (local i64)
    (loop (local.set 1 (i64.add (local.get 1) (i64.const 1)))
      (br_if 0 (i64.lt_u (local.get 1) (local.get 0))))
    local.get 1))"""


def test_timeout_ends_a_loop_and_leaves_the_instance_usable() -> None:
    exports = linocut.load(SPIN).instantiate().exports
    for seconds in (0.02, 0.1):
        started = time.perf_counter()
        with pytest.raises(linocut.Timeout):
            exports.spin(timeout=seconds)
        assert seconds * 0.9 <= time.perf_counter() - started < 60
    assert exports.count(10) == 10
    assert exports.count(10, timeout=60) == 10
    assert exports.count(10, timeout=None) == 10


def test_timeout_is_a_timeout_error() -> None:
    with pytest.raises(TimeoutError):
        linocut.load(SPIN).instantiate().exports.spin(timeout=0.01)


def test_timeout_works_on_any_thread() -> None:
    caught: list[BaseException] = []

    def run() -> None:
        try:
            linocut.load(SPIN).instantiate().exports.spin(timeout=0.05)
        except linocut.Timeout as error:
            caught.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(caught) == 3


def test_timeout_reaches_through_host_functions() -> None:
    inner = linocut.load(SPIN).instantiate().exports
    module = linocut.load('(module (import "m" "f" (func $f)) (func (export "g") call $f))')
    exports = module.instantiate({"m": {"f": lambda: inner.spin()}}).exports
    with pytest.raises(linocut.Timeout):
        exports.g(timeout=0.05)


def test_long_calls_let_other_threads_run() -> None:
    done = run("""
exports = linocut.load(SPIN).instantiate().exports
def tick():
    for _ in range(20): time.sleep(0.001)
    os.kill(os.getpid(), signal.SIGINT)
try:
    threading.Thread(target=tick).start()
    exports.spin(timeout=60)
except KeyboardInterrupt:
    print("ticked")
""")
    assert done.stdout == "ticked\n", done.stderr


def test_a_second_thread_in_the_same_store_is_refused() -> None:
    module = linocut.load("""(module (import "m" "f" (func $f)) (memory (export "memory") 1)
        (func (export "spin") (call $f) (loop (br_if 0 (i32.eqz (i32.load (i32.const 0))))))
        (func (export "one") (result i32) (i32.const 1)))""")
    begun = threading.Event()
    exports = module.instantiate({"m": {"f": begun.set}}).exports
    thread = threading.Thread(target=exports.spin, kwargs={"timeout": 60})
    thread.start()
    assert begun.wait(60)
    with pytest.raises(RuntimeError, match="another thread"):
        exports.one()
    memoryview(exports.memory)[0] = 1
    thread.join()
    assert exports.one() == 1


def run(code: str) -> subprocess.CompletedProcess[str]:
    program = f"import linocut, signal, os, time, threading\nSPIN = '''{SPIN}'''\n{code}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)


def test_ctrl_c_leaves_a_loop() -> None:
    done = run("""
exports = linocut.load(SPIN).instantiate().exports
try:
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    exports.spin(timeout=60)
except KeyboardInterrupt:
    print("interrupted", exports.count(3))
""")
    assert done.stdout == "interrupted 3\n", done.stderr


def test_signal_handler_that_returns_does_not_disturb() -> None:
    done = run("""
exports = linocut.load(SPIN).instantiate().exports
seen = []
signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
n = 200_000_000
assert exports.count(n) == n
signal.setitimer(signal.ITIMER_REAL, 0)
print(len(seen) > 1)
""")
    assert done.stdout == "True\n", done.stderr


def test_signal_handler_that_raises_leaves_the_call() -> None:
    done = run("""
exports = linocut.load(SPIN).instantiate().exports
def handler(*_): raise ZeroDivisionError("from the handler")
signal.signal(signal.SIGALRM, handler)
try:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    exports.spin(timeout=60)
except ZeroDivisionError as error:
    print(error, exports.count(3))
""")
    assert done.stdout == "from the handler 3\n", done.stderr


def test_signal_handler_cannot_enter_the_store_it_interrupted() -> None:
    done = run("""
exports = linocut.load(SPIN).instantiate().exports
seen = []
def handler(*_):
    try:
        exports.count(1)
    except RuntimeError as error:
        seen.append(str(error))
    raise ZeroDivisionError
signal.signal(signal.SIGALRM, handler)
try:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    exports.spin(timeout=60)
except ZeroDivisionError:
    print(seen)
""")
    assert "signal handler" in done.stdout, done.stderr


def test_a_forked_child_has_deadlines_too() -> None:
    done = run("""
exports = linocut.load(SPIN).instantiate().exports
try: exports.spin(timeout=0.05)
except linocut.Timeout: pass
if pid := os.fork():
    print(os.waitpid(pid, 0)[1])
else:
    try: exports.spin(timeout=0.05)
    except linocut.Timeout: os._exit(0)
""")
    assert done.stdout == "0\n", done.stderr


@pytest.mark.parametrize("interpret", [False, True])
def test_an_exception_for_a_thread_reaches_it(interpret: bool) -> None:
    done = run(f"""
import ctypes
class Mine(Exception): pass
exports = linocut.load(SPIN, interpret={interpret}).instantiate().exports
inside = threading.Event()
def act():
    inside.set()
    try: exports.spin(timeout=25)
    except Mine: print("mine", exports.count(3))
thread = threading.Thread(target=act)
thread.start()
inside.wait()
while True:
    try: exports.count(1)
    except RuntimeError: break
ask = ctypes.pythonapi.PyThreadState_SetAsyncExc
assert ask(ctypes.c_ulong(thread.ident), ctypes.py_object(Mine)) == 1
thread.join()
""")
    assert done.stdout == "mine 3\n", done.stderr


def test_sweeps_leave_alone_what_another_thread_holds() -> None:
    module = linocut.load("""(module (import "m" "wait" (func $wait))
      (func (export "hold") (param externref) (result externref) (call $wait) (local.get 0))
      (func (export "same") (param externref) (result externref) (local.get 0)))""")
    inside, leave = threading.Event(), threading.Event()

    def wait() -> None:
        inside.set()
        leave.wait(30)

    exports = module.instantiate({"m": {"wait": wait}}).exports
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.append(exports.hold(["held"])))
    thread.start()
    inside.wait(30)
    for _ in range(5000):
        with pytest.raises(RuntimeError, match="another thread"):
            exports.same(object())
    leave.set()
    thread.join(30)
    assert results == [["held"]]
