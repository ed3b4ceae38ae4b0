"""An argument that is not an integer but should be, or is negative or too large, is refused by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import linocut
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

MEMORY = linocut.Memory(1, 2)
TABLE = linocut.Table("externref", 2, 3)
ADD = linocut.load('(module (func (export "f") (param i32 i64)))').instantiate().exports.f
# Each call's name for its argument, and the error for a number out of range.
CALLS: dict[str, tuple[Callable[[object], object], str, type[Exception]]] = {
    "read address": (lambda n: MEMORY.read(n, 1), "address", IndexError),
    "read count": (lambda n: MEMORY.read(0, n), "count", IndexError),
    "write address": (lambda n: MEMORY.write(n, b"x"), "address", IndexError),
    "memory grow": (lambda n: MEMORY.grow(n), "pages", ValueError),
    "memory min": (lambda n: linocut.Memory(n), "min", ValueError),
    "memory max": (lambda n: linocut.Memory(0, n), "max", ValueError),
    "table get": (lambda n: TABLE[n], "index", IndexError),
    "table set": (lambda n: TABLE.__setitem__(n, None), "index", IndexError),
    "table grow": (lambda n: TABLE.grow(n), "count", ValueError),
    "table min": (lambda n: linocut.Table("funcref", n), "min", ValueError),
    "table max": (lambda n: linocut.Table("funcref", 0, n), "max", ValueError),
    "threads": (lambda n: linocut.load(b"\0asm\1\0\0\0", threads=n), "threads", ValueError),
    "i32": (lambda n: ADD(n, 0), "i32", OverflowError),
    "i64": (lambda n: ADD(0, n), "i64", OverflowError),
    "bits": (lambda n: ADD.call_bits(n, 0), "i32", OverflowError),
    "global": (lambda n: linocut.Global(linocut.GlobalType("i32"), n), "i32", OverflowError),
}
MAY_BE_NONE = {"memory max", "table max", "threads"}
MAY_BE_NEGATIVE = {"i32", "i64", "global"}
MAY_BE_LARGE = {"threads"}  # more threads than processors do no harm


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("given", [1.5, "1", None, b"1", [1]], ids=repr)
def test_no_integer(name: str, given: object) -> None:
    call, argument, _ = CALLS[name]
    if given is None and name in MAY_BE_NONE:
        return
    with pytest.raises(TypeError) as caught:
        call(given)
    assert argument in str(caught.value) and type(given).__name__ in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("given", [-1, -(2**63), -(2**100), 2**64 - 1, 2**64, 2**100], ids=hex)
def test_out_of_range(name: str, given: int) -> None:
    call, _, error = CALLS[name]
    if name in MAY_BE_NEGATIVE and given in (-1, -(2**63), 2**64 - 1):
        return
    if name in MAY_BE_LARGE and given > 0:
        return
    with pytest.raises(error) as caught:
        call(given)
    assert str(given) in str(caught.value)
    assert "\n" not in str(caught.value)


class Five:
    def __index__(self) -> int:
        return 5


class Refuses:
    def __index__(self) -> int:
        raise LookupError("mine")


def test_what_can_be_an_index_is_one() -> None:
    MEMORY.write(Five(), b"z")  # type: ignore[arg-type]
    assert MEMORY.read(5, True) == b"z"
    for name, (call, _, _) in CALLS.items():
        if name == "threads":
            continue
        with pytest.raises(LookupError, match="mine"):
            call(Refuses())


@pytest.mark.parametrize("seconds", [-1, float("nan"), -0.001, float("-inf")])
def test_a_timeout_is_a_number_of_seconds(seconds: float) -> None:
    with pytest.raises(ValueError, match="timeout"):
        ADD(1, 2, timeout=seconds)
    assert ADD(1, 2, timeout=float("inf")) is None


def test_what_is_no_module_or_name() -> None:
    with pytest.raises(TypeError, match="a module is bytes, not str"):
        linocut.Module("(module)")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not int"):
        linocut.load(0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="name is a str, not int"):
        linocut.load(b"\0asm\1\0\0\0").custom_sections(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a value type is a str, not int"):
        linocut.Table(3, 1)  # type: ignore[arg-type]
