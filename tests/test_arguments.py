"""Arguments that make no sense are refused where they are given, in words that say what was expected."""

from __future__ import annotations

import io
import math
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut import experiments
from linocut.wasi import Wasi

if TYPE_CHECKING:
    from collections.abc import Callable

EMPTY = b"\0asm\1\0\0\0"
NOTHING = linocut.Func(lambda: None, linocut.FuncType())

CALLS: dict[str, Callable[..., object]] = {
    "Func": lambda timeout: NOTHING(timeout=timeout),
    "instantiate": lambda timeout: linocut.load(EMPTY).instantiate(timeout=timeout),
    "Wasi.instantiate": lambda timeout: Wasi().instantiate(linocut.load(EMPTY), timeout=timeout),
    "Wasi.call": lambda timeout: Wasi().call(NOTHING, timeout=timeout),
    "Wasi.run": lambda timeout: Wasi().run(linocut.load(EMPTY), timeout=timeout),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("timeout", [math.nan, -1, -0.001, -math.inf])
def test_a_timeout_that_is_no_duration(call: Callable[..., object], timeout: float) -> None:
    with pytest.raises(ValueError, match="timeout must be a number of seconds, 0 or more"):
        call(timeout)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("timeout", ["1", b"1", True, [1], 1j, object(), "nan"])
def test_a_timeout_that_is_no_number(call: Callable[..., object], timeout: object) -> None:
    with pytest.raises(TypeError, match=r"timeout must be a number|must be real number"):
        call(timeout)


@pytest.mark.parametrize("timeout", [None, 60, 60.0, math.inf, 1e300, Fraction(60), sys.maxsize])
def test_a_timeout_that_is_long_enough(timeout: float | None) -> None:
    assert NOTHING(timeout=timeout) is None


def test_a_timeout_longer_than_every_float() -> None:
    with pytest.raises(OverflowError):
        NOTHING(timeout=10**400)


# A call, the exception that it raises, and its words.
REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "args is a str": (lambda: Wasi("prog"), TypeError, "args must be a list of strings"),
    "args is bytes": (lambda: Wasi(b"prog"), TypeError, "args must be a list of strings"),
    "an argument is no string": (lambda: Wasi(["a", 1]), TypeError, "an argument must be a str"),
    "an argument is None": (lambda: Wasi([None]), TypeError, "an argument must be a str"),
    "env is a list": (lambda: Wasi(env=["A=b"]), TypeError, "env must be a mapping"),
    "env is a str": (lambda: Wasi(env="A=b"), TypeError, "env must be a mapping"),
    "a variable is a number": (lambda: Wasi(env={"A": 1}), TypeError, "variable 'A' must be a str"),
    "a variable is None": (lambda: Wasi(env={"A": None}), TypeError, "variable 'A' must be a str"),
    "a variable's name has an =": (lambda: Wasi(env={"A=B": "c"}), ValueError, "name must not .* '='"),
    "a variable's name is empty": (lambda: Wasi(env={"": "c"}), ValueError, "must not be empty"),
    "a variable's name is a number": (lambda: Wasi(env={1: "c"}), TypeError, "name must be a str"),
    "a variable's name has a NUL": (lambda: Wasi(env={"a\0": "c"}), ValueError, "NUL"),
    "dirs is a str": (lambda: Wasi(dirs="."), TypeError, "dirs must be a mapping"),
    "dirs is a list": (lambda: Wasi(dirs=["."]), TypeError, "dirs must be a mapping"),
    "dirs is empty, but a list": (lambda: Wasi(dirs=[]), TypeError, "dirs must be a mapping"),
    "a directory's name is empty": (lambda: Wasi(dirs={"": "."}), ValueError, "must not be empty"),
    "a directory's name is a path": (lambda: Wasi(dirs={Path("a"): "."}), TypeError, "must be a str"),
    "a directory's name has a NUL": (lambda: Wasi(dirs={"a\0": "."}), ValueError, "NUL"),
    "a directory is a descriptor": (lambda: Wasi(dirs={"a": 0}), TypeError, "directory of the host"),
    "a directory is None": (lambda: Wasi(dirs={"a": None}), TypeError, "directory of the host"),
    "stdin is text": (lambda: Wasi(stdin="input"), TypeError, "stdin must be"),
    "stdin is bytes": (lambda: Wasi(stdin=b"input"), TypeError, "stdin must be"),
    "stdin is a truth": (lambda: Wasi(stdin=True), TypeError, "stdin must be"),
    "stdin is negative": (lambda: Wasi(stdin=-1), ValueError, "stdin must be an open descriptor"),
    "stdin can only be written": (lambda: Wasi(stdin=Writer()), TypeError, "stdin must be"),
    "stdout can only be read": (lambda: Wasi(stdout=Reader()), TypeError, "stdout must be"),
    "stdout takes text": (lambda: Wasi(stdout=io.StringIO()), TypeError, "stdout must be .* binary"),
    "stderr is a path": (lambda: Wasi(stderr=Path("log")), TypeError, "stderr must be"),
    "a module is a number": (lambda: linocut.load(0), TypeError, "path, text or bytes"),
    "a module is a truth": (lambda: linocut.validate(True), TypeError, "path, text or bytes"),
    "a module is None": (lambda: linocut.load(None), TypeError, "path, text or bytes"),
    "a module is a list": (lambda: linocut.load([0]), TypeError, "path, text or bytes"),
    "no threads": (lambda: linocut.load(EMPTY, threads=0), ValueError, "at least 1"),
    "fewer than no threads": (lambda: linocut.load(EMPTY, threads=-1), ValueError, "at least 1"),
    "threads is a float": (lambda: linocut.load(EMPTY, threads=2.5), TypeError, "threads must be an int"),
    "threads is a str": (lambda: linocut.load(EMPTY, threads="2"), TypeError, "threads must be an int"),
    "threads is a truth": (lambda: linocut.load(EMPTY, threads=True), TypeError, "threads must be an int"),
    "interpret is a str": (lambda: linocut.load(EMPTY, interpret="no"), TypeError, "True or False"),
    "imports is a list": (
        lambda: linocut.load(EMPTY).instantiate([]),
        TypeError,
        "imports must be a mapping",
    ),
    "imports is a str": (lambda: linocut.load(EMPTY).instantiate("env"), TypeError, "imports must be"),
    "imports is an instance": (
        lambda: linocut.load(EMPTY).instantiate(linocut.load(EMPTY).instantiate()),
        TypeError,
        "imports must be",
    ),
    "store is a dict": (
        lambda: linocut.load(EMPTY).instantiate(store={}),
        TypeError,
        "store must be a Store",
    ),
    "parameters are a str": (lambda: linocut.FuncType("i32"), TypeError, "as a list"),
    "results are an empty str": (lambda: linocut.FuncType([], ""), TypeError, "as a list"),
    "a negative size": (lambda: linocut.MemoryType(-1), ValueError, "min must be 0 or more"),
    "a size as a str": (lambda: linocut.MemoryType("1"), TypeError, "min must be an int"),
    "no size": (lambda: linocut.MemoryType(None), TypeError, "min must be an int"),
    "a maximum below": (lambda: linocut.MemoryType(2, 1), ValueError, "max must be at least min"),
    "a negative maximum": (lambda: linocut.TableType("funcref", 0, -1), ValueError, "max must be 0 or more"),
    "a table of numbers": (lambda: linocut.TableType("i32", 0), ValueError, "holds references"),
    "mutable as a str": (lambda: linocut.GlobalType("i32", "const"), TypeError, "mutable must be"),
    "switches as a str": (lambda: experiments.load(EMPTY, "moves"), TypeError, "list of switches"),
    "a memory of -1": (lambda: linocut.Memory(-1), ValueError, "min is -1"),
    "a memory of a float": (lambda: linocut.Memory(1.0), TypeError, "must be an int"),
    "growing by -1": (lambda: linocut.Memory(1).grow(-1), ValueError, "grow by -1"),
    "a negative index": (lambda: linocut.Table("funcref", 1)[-1], IndexError, "no element -1"),
    "writing text": (lambda: linocut.Memory(1).write(0, "text"), TypeError, "bytes-like"),
    "a float as an i32": (lambda: twice(1.0), TypeError, "i32 wants an int"),
    "a str as an i32": (lambda: twice("1"), TypeError, "i32 wants an int"),
    "a str as an f64": (lambda: half("1"), TypeError, "real number"),
}

twice = linocut.Func(lambda x: 2 * x, linocut.FuncType(["i32"], ["i32"]))
half = linocut.Func(lambda x: x / 2, linocut.FuncType(["f64"], ["f64"]))


class Writer:
    def write(self, data: bytes) -> None: ...


class Reader:
    def read(self, count: int) -> bytes:
        return b""


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    act, kind, words = REFUSED[case]
    with pytest.raises(kind, match=words):
        act()


def test_a_descriptor_that_is_not_open() -> None:
    with pytest.raises(OSError, match="Bad file descriptor"):
        Wasi(stdin=10**6)


def test_more_threads_than_any_machine_has() -> None:
    assert linocut.load(EMPTY, threads=1 << 70).exports == ()


def test_what_is_meant_is_taken() -> None:
    Wasi((b"a", "b", Path("c")), {"A": b"b", b"C": "d"}, {"a": ".", "b": Path(), "c": b"."}).close()
    Wasi(iter(["a"]), stdin=io.BytesIO(), stdout=Writer(), stderr=io.BytesIO()).close()
    assert linocut.FuncType(iter(["i32"])).params == ("i32",)
