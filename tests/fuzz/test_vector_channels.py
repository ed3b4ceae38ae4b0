"""Vectors on each of the fuzzer's channels: arguments, results, calls of the host, globals, text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from linocut.fuzz.compare import difference
from linocut.fuzz.encode import encode
from linocut.fuzz.harness import normal, run, to_python
from linocut.fuzz.linocut_executor import LinocutExecutor
from linocut.fuzz.program import Function, GlobalDef, Instr, Invocation, Program, Signature
from linocut.fuzz.wat import to_text
from linocut.text.wat import wat_to_wasm

from linocut_isa import by_name

VALUE = 1 << 127 | 0x0102
ONE = Signature(("v128",), ("v128",))


def const(type_: str, value: int) -> Instr:
    return Instr(by_name(f"{type_}.const"), value, (), (type_,))


def program(value: int) -> Program:
    """A function that gives its argument to the host, and puts the answer in a global and the result."""
    body = [
        Instr(by_name("local.get"), 0, (), ("v128",)),
        Instr(by_name("call"), 0, ("v128",), ("v128",)),
        Instr(by_name("global.set"), 1, ("v128",), ()),
        Instr(by_name("global.get"), 1, (), ("v128",)),
    ]
    return Program(
        0,
        hosts=[ONE],
        functions=[Function(ONE, [], body)],
        globals=[
            GlobalDef("v128", False, [const("v128", value)], imported=True),
            GlobalDef("v128", True, [const("v128", value)], imported=False),
            GlobalDef("i32", True, [const("i32", 0)], imported=False),
        ],
        fuel=2,
        plan=[Invocation(0, 1, (value,))],
    )


def test_a_vector_is_compared_by_all_its_bytes() -> None:
    python = to_python("v128", VALUE)
    assert python == b"\x02\x01" + bytes(13) + b"\x80"
    assert normal(python) == "0201" + "00" * 13 + "80"


def test_vectors_as_text() -> None:
    text = to_text(program(VALUE))
    assert "v128.const i32x4 0x00000102 0x00000000 0x00000000 0x80000000" in text
    assert VALUE.to_bytes(16, "little") in wat_to_wasm(text)


@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
def test_vectors_are_seen(interpret: bool) -> None:
    engine, made = LinocutExecutor(interpret=interpret), program(VALUE)
    seen = run(engine, encode(made), made)
    argument = normal(to_python("v128", VALUE))
    assert seen.seen["host calls"] == [(0, (argument,))]
    assert seen.seen["global 0 of 0"] == argument
    (answer,) = seen.seen["call 0: f1"]
    assert seen.seen["global 1 of 0"] == answer != argument
    other = replace(made, plan=[Invocation(0, 1, (VALUE ^ 1 << 90,))])
    assert difference(seen, run(engine, encode(other), other)) is not None
