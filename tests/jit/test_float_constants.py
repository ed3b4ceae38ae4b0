"""Float constants stand behind their function, also more than the table that finds equal ones has places."""

from __future__ import annotations

import struct
from threading import Thread

import linocut
import pytest

COUNT = 300  # the table that finds equal ones has 64 places
FORMATS = {"f32": ("f", "I", 0x3F800000), "f64": ("d", "Q", 0x3FF0000000000000)}


def _number(type_: str, n: int) -> str:
    """The n-th of distinct numbers, 1 with n in its lowest bits, as an exact hexadecimal literal."""
    letter, whole, one = FORMATS[type_]
    return struct.unpack(letter, struct.pack(whole, one + n))[0].hex()


def _module(type_: str) -> str:
    """f(n) is the n-th constant: loaded if n is even, the operand of a subtraction if n is odd."""
    cases = "".join(
        f"(if (i32.eq (local.get 0) (i32.const {n})) (then (return "
        + (
            f"({type_}.const {_number(type_, n)})"
            if n % 2 == 0
            else f"({type_}.neg ({type_}.sub ({type_}.const 0) ({type_}.const {_number(type_, n)})))"
        )
        + ")))"
        for n in [*range(COUNT), *range(COUNT)]  # again, when the table has forgotten most
    )
    return f'(module (func (export "f") (param i32) (result {type_}) {cases} ({type_}.const -0)))'


@pytest.mark.parametrize("type_", FORMATS)
@pytest.mark.parametrize("load", ["first", "second", "on a thread"])
def test_each_constant_is_its_own(type_: str, load: str) -> None:
    modules = [linocut.load(_module(type_)) for _ in range(2 if load == "second" else 1)]
    if load == "on a thread":
        thread = Thread(target=lambda: modules.append(linocut.load(_module(type_))))
        thread.start()
        thread.join()
    instances = [modules[-1].instantiate() for _ in range(2)]
    for instance in instances:
        found = [instance.exports.f(n).hex() for n in range(COUNT)]
        assert found == [_number(type_, n) for n in range(COUNT)]
        assert instance.exports.f(COUNT).hex() == "-0x0.0p+0"
