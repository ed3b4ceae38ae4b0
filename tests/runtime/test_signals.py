"""Faults and signals in a process that also has other handlers. Each case runs in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

PRELUDE = """
import faulthandler, os, signal, sys
{before}
import linocut
module = linocut.load('''(module (memory 1) (table 1 funcref) (type $t (func))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "null") (call_indirect (type $t) (i32.const 0)))
  (func (export "spin") (loop (br 0)))
  (func (export "mix") (param i32) (result i64) (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 f64 f64 f64)
    (local.set 11 (f64.const 1.5)) (local.set 12 (f64.const 0.25)) (local.set 1 (i64.const 88172645463325252))
    (loop
      (local.set 1 (i64.xor (local.get 1) (i64.shl (local.get 1) (i64.const 13))))
      (local.set 1 (i64.xor (local.get 1) (i64.shr_u (local.get 1) (i64.const 7))))
      (local.set 1 (i64.xor (local.get 1) (i64.shl (local.get 1) (i64.const 17))))
      (local.set 2 (i64.add (local.get 2) (i64.and (local.get 1) (i64.const 0xffff))))
      (local.set 3 (i64.add (local.get 3) (local.get 2)))
      (local.set 4 (i64.rotl (i64.add (local.get 4) (local.get 3)) (i64.const 5)))
      (local.set 5 (i64.xor (local.get 5) (local.get 4)))
      (local.set 6 (i64.add (local.get 6) (local.get 5)))
      (local.set 7 (i64.mul (i64.add (local.get 7) (local.get 6)) (i64.const 31)))
      (local.set 8 (i64.sub (local.get 7) (local.get 8)))
      (if (i64.lt_s (local.get 8) (local.get 7)) (then (local.set 9 (i64.add (local.get 9) (local.get 8)))))
      (local.set 13 (f64.add (local.get 13) (f64.mul (local.get 11) (local.get 12))))
      (local.set 11 (f64.sub (f64.const 2) (f64.mul (local.get 11) (local.get 12))))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if 0 (local.get 0)))
    (i64.add (i64.add (local.get 9) (local.get 8)) (i64.reinterpret_f64 (local.get 13)))))''')
exports = module.instantiate().exports
def check():
    for function, kind in ((lambda: exports.load(-1), "out_of_bounds_memory"),
                           (exports.null, "uninitialized_element")):
        try:
            function()
        except linocut.Trap as trap:
            assert trap.kind == kind, trap.kind
        else:
            raise AssertionError("no trap")
check()
"""


def run(code: str, before: str = "") -> subprocess.CompletedProcess[str]:
    program = PRELUDE.replace("{before}", before) + code + "\nprint('done')"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("before", ["", "faulthandler.enable()"])
@pytest.mark.parametrize(
    "code",
    [
        "",
        "faulthandler.enable(); check(); check()",
        "faulthandler.disable(); check()",
        "faulthandler.enable(); check(); faulthandler.disable(); check()",
        "signal.signal(signal.SIGSEGV, signal.SIG_DFL); exports = module.instantiate().exports; check()",
    ],
)
def test_faults_are_traps_beside_faulthandler(before: str, code: str) -> None:
    done = run(code, before)
    assert done.stdout == "done\n", done.stderr
    assert not done.stderr


ENABLE, DISABLE = "faulthandler.enable()", "faulthandler.disable()"


@pytest.mark.parametrize("crash", ["import ctypes; ctypes.string_at(8)", "os.kill(os.getpid(), 11)"])
@pytest.mark.parametrize("before", ["", ENABLE])
@pytest.mark.parametrize("after", ["", ENABLE, f"{ENABLE}; {DISABLE}"])
def test_a_fault_of_others_is_still_fatal(before: str, after: str, crash: str) -> None:
    done = run(f"{after}\n{crash}", before)
    assert done.returncode == -11
    reported = "Fatal Python error" in done.stderr
    assert reported == (after == ENABLE or (bool(before) and not after))


def test_interruptions_change_no_register_and_no_flag() -> None:
    done = run("""
import time
n = 3_000_000
expected = exports.mix(n)
seen = []
signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.0002, 0.0002)
while len(seen) <= 500:
    assert exports.mix(n) == expected
signal.setitimer(signal.ITIMER_REAL, 0)
""")
    assert done.stdout == "done\n", done.stderr


def test_exits_at_any_place_leave_the_instance_whole() -> None:
    done = run("""
import random
expected = exports.mix(1000)
for _ in range(150):
    try:
        exports.spin(timeout=random.random() * 0.004)
    except linocut.Timeout:
        pass
    assert exports.mix(1000) == expected
""")
    assert done.stdout == "done\n", done.stderr


def test_a_forked_child_traps_and_runs_on_its_own() -> None:
    done = run("""
import threading
stop = threading.Event()
def other():
    mine = module.instantiate().exports
    while not stop.is_set():
        try: mine.spin(timeout=0.002)
        except linocut.Timeout: pass
thread = threading.Thread(target=other)
thread.start()
for _ in range(10):
    child = os.fork()
    if not child:
        check()
        fresh = module.instantiate().exports
        try: fresh.spin(timeout=0.01)
        except linocut.Timeout: os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
stop.set()
thread.join()
""")
    assert done.stdout == "done\n", done.stderr


SET = """
from signal import signal as early
import _signal
for number in (signal.SIGSEGV, signal.SIGBUS):
    for handler in (signal.SIG_DFL, signal.SIG_IGN, lambda *_: None, signal.default_int_handler):
        raw = handler if callable(handler) else int(handler)
        for set, given in ((signal.signal, handler), (early, handler), (_signal.signal, raw)):
            set(number, given)
            check()
            assert signal.getsignal(number) == handler
"""


@pytest.mark.parametrize("before", ["", "faulthandler.enable()", "from signal import signal as earlier"])
def test_signal_signal_does_not_take_the_fault_handlers(before: str) -> None:
    done = run(SET, before)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


@pytest.mark.parametrize("crash", ["import ctypes; ctypes.string_at(8)", "os.kill(os.getpid(), 11)"])
def test_a_fault_of_others_takes_the_default_action_that_was_set(crash: str) -> None:
    done = run(f"signal.signal(signal.SIGSEGV, signal.SIG_DFL); check()\n{crash}")
    assert done.returncode == -11


def test_a_handler_of_pythons_gets_the_signal_that_is_sent() -> None:
    done = run("""
seen = []
signal.signal(signal.SIGSEGV, lambda number, frame: seen.append(number))
check()
os.kill(os.getpid(), signal.SIGSEGV)
check()
assert seen == [signal.SIGSEGV], seen
""")
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_signal_signal_is_still_what_it_was() -> None:
    done = run("""
import inspect
assert list(inspect.signature(signal.signal).parameters) == ["signalnum", "handler"]
for given in ((), (1,), (1, 2, 3), ("a", signal.SIG_DFL), (2, "x"), (9999, signal.SIG_DFL)):
    try: signal.signal(*given)
    except (TypeError, ValueError): pass
    else: raise AssertionError(given)
assert signal.signal(signal.SIGUSR1, signal.SIG_IGN) is signal.SIG_DFL
assert signal.signal(signal.SIGUSR1, signal.SIG_DFL) is signal.SIG_IGN
""")
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_a_child_can_use_what_another_thread_was_in() -> None:
    done = run("""
import threading, time
host = linocut.load('(module (import "m" "f" (func $f)) (func (export "g") (call $f)))')
inside, leave = threading.Event(), threading.Event()
def wait():
    inside.set()
    leave.wait(60)
waiting = host.instantiate({"m": {"f": wait}}).exports
def spin():
    try: exports.spin(timeout=60)
    except linocut.Timeout: pass
threads = [threading.Thread(target=spin, daemon=True), threading.Thread(target=waiting.g)]
for thread in threads: thread.start()
inside.wait(60)
while True:  # until the other one is in machine code
    try: exports.mix(1)
    except RuntimeError: break
for _ in range(20):
    child = os.fork()
    if not child:
        try:
            check()
            assert exports.mix(1) == exports.mix(1)
            inside.clear(); leave.set()
            waiting.g()
            assert inside.is_set()
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
leave.set()
threads[1].join()
""")
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
