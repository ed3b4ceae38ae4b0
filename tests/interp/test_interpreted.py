"""What `interpret=True` changes; that modules do the same is tested elsewhere."""

from __future__ import annotations

import pickle
import subprocess
import sys

import linocut
import pytest

pytest.importorskip("wasmtime")

TEXT = """(module (func (export "spin") (loop (br 0)))
  (func (export "back") (param i32) (loop (br_table 0 0 0 (local.get 0))))
  (func (export "sum") (param i32) (result i32) (local i32)
    (loop (local.set 1 (i32.add (local.get 1) (local.get 0)))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 1)))"""


def has_machine_code(module: linocut.Module) -> bool:
    try:
        module._code.listing(0)
    except ValueError:
        return False
    return True


def test_interpreted_modules_have_no_machine_code() -> None:
    assert has_machine_code(linocut.load(TEXT))
    assert not has_machine_code(linocut.load(TEXT, interpret=True))


@pytest.mark.parametrize("interpret", [False, True])
def test_a_pickled_module_stays_what_it_is(interpret: bool) -> None:
    module = pickle.loads(pickle.dumps(linocut.load(TEXT, interpret=interpret)))
    assert has_machine_code(module) != interpret
    assert module.instantiate().exports.sum(10) == 55


@pytest.mark.parametrize("body", ["i32.add", "i64.const 1", "unreachable f32.const 0 i32.eqz drop", "br 1"])
def test_invalid_bodies_are_refused(body: str) -> None:
    errors = []
    for interpret in (False, True):
        with pytest.raises(linocut.InvalidError) as caught:
            linocut.load(f"(module (func {body}))", interpret=interpret)
        errors.append(caught.value.function)
    assert errors == [0, 0]


@pytest.mark.parametrize("name", ["spin", "back"])
def test_ctrl_c_leaves_a_loop(name: str) -> None:
    code = f"""
import linocut, os, signal, threading
exports = linocut.load('''{TEXT}''', interpret=True).instantiate().exports
try:
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    exports.{name}(*{[0] if name == "back" else []}, timeout=60)
except KeyboardInterrupt:
    print("interrupted", exports.sum(4))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout == "interrupted 10\n", done.stderr
