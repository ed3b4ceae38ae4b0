"""The files made of a script grow linearly with it, however much each must repeat: bytes are counted."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")

from linocut.spec.explode import exploding
from linocut.spec.explode.exploding import Explosion
from linocut.spec.explode.slices.slicing import History


def replay(n: int) -> str:
    """Calls that each change what the next one sees."""
    return COUNTER + "".join(f'(assert_return (invoke "f") (i32.const {i + 1}))\n' for i in range(n))


COUNTER = """(module (global $g (mut i32) (i32.const 0)) (func (export "f") (result i32)
  (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g)))"""


def traps_after_calls(n: int) -> str:
    """Traps that each need a file and its control twin."""
    return (
        '(module (memory 1) (func (export "f") (i32.store (i32.const 0) (i32.const 1))) (func (export "t")'
        " (drop (i32.load (i32.const 0))) unreachable))"
        + '(invoke "f") (assert_trap (invoke "t") "unreachable")\n'
        * n
    )


def indirect_calls(n: int) -> str:
    """Calls of a function that is not known beforehand."""
    return """(module (table funcref (elem $g)) (type $t (func (result i32))) (global $n (mut i32) (i32.const 0))
      (func $g (type $t) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
      (func (export "f") (param i32) (result i32) (call_indirect (type $t) (local.get 0))))""" + "".join(
        f'(assert_return (invoke "f" (i32.const 0)) (i32.const {i + 1}))\n' for i in range(n)
    )


def modules_that_import_from_each_other(n: int) -> str:
    """Modules of which the last file must contain the items of all."""
    links = (
        f'(module (import "m{i}" "f" (func)) (func (export "f") (call 0))) (register "m{i + 1}")'
        for i in range(n)
    )
    return '(module (func (export "f"))) (register "m0")' + "".join(
        f'{link} (assert_return (invoke "f"))\n' for link in links
    )


def large_module(n: int) -> str:
    """Assertions that each need all functions of a large module."""
    calls = "".join(f"(call {i})" for i in range(n))
    return f'(module {"(func)" * n} (func (export "f") {calls}))' + '(assert_return (invoke "f"))\n' * n


def segments(n: int) -> str:
    """Assertions that each need all of many data segments."""
    data = '(data (i32.const 0) "a")' * n
    return f"""(module (memory 1) {data} (func (export "f") (result i32) (i32.load8_u (i32.const 0))))""" + (
        '(assert_return (invoke "f") (i32.const 97))\n' * n
    )


def failed_instantiations(n: int) -> str:
    """Instantiations that trap, each of which leaves something behind."""
    return """(module $a (memory (export "m") 1) (func (export "f") (result i32) (i32.load (i32.const 0))))
      (register "a" $a)""" + (
        """(assert_trap (module (import "a" "m" (memory 1)) (data (i32.const 0) "a") (data (i32.const 99999) "a"))
           "out of bounds") (assert_return (invoke $a "f") (i32.const 97))\n"""
        * n
    )


class Counted:
    """A folder that keeps nothing but counts the bytes."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, name: str, content: bytes) -> None:
        self.bytes += len(content)

    def close(self) -> None:
        pass


SHAPES = [replay, traps_after_calls, indirect_calls, modules_that_import_from_each_other, large_module, segments,
          failed_instantiations]  # fmt: skip


def explode(text: str, folder: Path, pack: str = "none") -> tuple[Explosion, Counted]:
    path, out = folder / "script.wast", Counted()
    path.write_text(text)
    explosion = Explosion(out, "trap", "proposal", pack)  # type: ignore[arg-type]
    explosion.add(path, "core/script.wast")
    explosion.finish()
    return explosion, out


@pytest.mark.parametrize("pack", ["none", "module"])
@pytest.mark.parametrize("shape", SHAPES)
def test_files_are_linear_and_what_is_left_out_is_said(
    shape, pack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exploding, "_FREE_BYTES", 20_000)
    text = shape(300)
    explosion, out = explode(text, tmp_path, pack)
    manifest = 600 * sum(explosion.counts.values()) + 10_000
    one_more = 8 * len(
        text
    )  # the case that went beyond the limit is there, with all modules it is linked with
    assert out.bytes < 20_000 + 8 * len(text) + one_more + manifest
    (left,) = explosion.left_out
    assert "from here on: the files of what comes before hold" in str(left["reason"])
    assert 1 < left["line"] <= text.count("\n") + 1
    assert sum(explosion.counts.values()) > 20  # what comes before the limit is there


def test_a_script_that_repeats_little_is_not_cut_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exploding, "_FREE_BYTES", 0)
    call = '(assert_return (invoke "f" (i32.const 1) (i32.const 2)) (i32.const 3))\n'
    text = (
        '(module (func (export "f") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))'
        + call * 300
    )
    explosion, _ = explode(text, tmp_path)
    assert explosion.left_out == [] and explosion.counts["return"] == 300


def test_events_that_do_not_matter_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """With many instances, each of which has a state of its own, the number of lookups stays linear."""
    from explosions import cases

    looked = 0

    class Watched(dict):
        def get(self, key, default=None):
            nonlocal looked
            looked += 1
            return super().get(key, default)

    before = History.__init__

    def init(self, *args, **named):
        before(self, *args, **named)
        self._writers = Watched()

    monkeypatch.setattr(History, "__init__", init)
    counts = []
    for n in (50, 100):
        looked = 0
        cases(
            f"(module definition $D {COUNTER[8:]}"
            + "".join(f'(module instance $i{i} $D) (invoke $i{i} "f") (invoke $i{i} "f")\n' for i in range(n))
        )
        counts.append(looked)
    assert 0 < counts[1] <= 2 * counts[0], counts
