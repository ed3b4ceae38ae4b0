"""Daemon threads that are in machine code, or returning from it, when Python ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import linocut, threading, time
TEXT = '''(module (import "env" "f" (func $f))
  (func (export "spin") (loop (br 0)))
  (func (export "calls") (loop (call $f) (br 0))))'''
WASM = linocut.load(TEXT)
def act():
    exports = WASM.instantiate({"env": {"f": FUNCTION}}).exports
    while True:
        try:
            CALL
        except linocut.Timeout:
            pass
for _ in range(2):
    threading.Thread(target=act, daemon=True).start()
time.sleep(0.1)
print("done")
"""


@pytest.mark.parametrize(
    ("call", "function"),
    [
        ("exports.spin()", "int"),
        ("exports.spin(timeout=0.002)", "int"),
        ("exports.calls()", "int"),
        ("exports.calls()", "lambda: time.sleep(0.0001)"),
        ("linocut.load(TEXT)", "int"),
    ],
)
def test_the_process_ends_quietly(call: str, function: str) -> None:
    program = PROGRAM.replace("CALL", call).replace("FUNCTION", function)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
