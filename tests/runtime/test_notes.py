"""An exception that passes through WebAssembly says which functions it passed through."""

from __future__ import annotations

import linocut
import pytest

pytestmark = pytest.mark.usefixtures("both_ways")

TEXT = """(module (import "m" "f" (func $f)) (import "m" "g" (func $g (param i32)))
  (func $inner (call $f)) (func $outer (export "outer") (call $inner))
  (func $down (export "down") (param i32)
    (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1)))) (else (call $f))))
  (func $bounce (export "bounce") (param i32) (call $g (local.get 0))))"""


def notes_of(error: BaseException) -> list[str]:
    return getattr(error, "__notes__", [])


class Mine(BaseException):
    pass


def fail() -> None:
    raise Mine


def test_the_frames_are_a_note() -> None:
    exports = linocut.load(TEXT).instantiate({"m": {"f": fail, "g": abs}}).exports
    for _ in range(2):
        with pytest.raises(Mine) as caught:
            exports.outer()
        assert notes_of(caught.value) == ["in WebAssembly: function 2 (inner), called by function 3 (outer)"]


def test_a_deep_one_is_short() -> None:
    exports = linocut.load(TEXT).instantiate({"m": {"f": fail, "g": abs}}).exports
    with pytest.raises(Mine) as caught:
        exports.down(99)
    (note,) = notes_of(caught.value)
    assert note.endswith("function 4 (down), and 92 others")
    with pytest.raises(Mine) as caught:
        exports.down(9999)
    assert notes_of(caught.value)[0].endswith("or more others")


def test_each_crossing_has_its_own() -> None:
    exports = linocut.load(TEXT).instantiate({"m": {"f": fail, "g": lambda _: exports.outer()}}).exports
    with pytest.raises(Mine) as caught:
        exports.bounce(1)
    assert notes_of(caught.value) == [
        "in WebAssembly: function 2 (inner), called by function 3 (outer)",
        "in WebAssembly: function 5 (bounce)",
    ]


def test_one_exception_again_and_again_collects_no_notes() -> None:
    error = Mine()

    def again() -> None:
        raise error

    exports = linocut.load(TEXT).instantiate({"m": {"f": again, "g": abs}}).exports
    for _ in range(5):
        with pytest.raises(Mine):
            exports.outer()
    assert len(notes_of(error)) == 1


def test_an_exception_of_ours_has_one_too() -> None:
    exports = linocut.load(TEXT).instantiate({"m": {"f": lambda: trap(), "g": abs}}).exports
    trap = linocut.load('(module (func (export "t") unreachable))').instantiate().exports.t
    with pytest.raises(linocut.Trap) as caught:
        exports.outer()
    assert len(caught.value.frames) == 1 or len(caught.value.frames) == 3
    assert "inner" in notes_of(caught.value)[-1]


def test_what_refuses_a_note_comes_through_without() -> None:
    class StubbornError(Exception):
        def add_note(self, note: str) -> None:
            raise ValueError("no notes")

    def stubborn() -> None:
        raise StubbornError("mine")

    exports = linocut.load(TEXT).instantiate({"m": {"f": stubborn, "g": abs}}).exports
    with pytest.raises(StubbornError, match="mine"):
        exports.outer()


def test_results_that_do_not_fit_are_noted_too() -> None:
    text = '(module (import "m" "f" (func $f (result i32))) (func $ask (export "ask") (drop (call $f))))'
    exports = linocut.load(text).instantiate({"m": {"f": lambda: "x"}}).exports
    with pytest.raises(TypeError) as caught:
        exports.ask()
    assert notes_of(caught.value) == ["in WebAssembly: function 1 (ask)"]
