"""select: every place an operand may be in, every place the result may go to, both outcomes."""

from __future__ import annotations

from itertools import product

import linocut
import pytest

pytestmark = pytest.mark.usefixtures("both_ways")

TYPES = ("i32", "i64", "f32", "f64")
# An operand whose value is 3 ($a) or 5 ($b), whatever it is made of.
OPERANDS = {
    "local": "(local.get ${name})",
    "constant": "({type}.const {value})",
    "computed": "({type}.add (local.get ${name}) ({type}.const 0))",
    "parameter": "(local.get ${name}0)",
}
CONDITIONS = {"tested": "(local.get $c)", "compared": "(i32.ne (local.get $c) (i32.const 0))"}
# Where the result goes, and what is read then. $a and $b are read once more: setting one of them must change
# neither the other nor an operand that was read before.
RESULTS = {
    "stack": "{select}",
    "set_a": "{select} (local.set $a) (local.get $a)",
    "set_b": "{select} (local.set $b) (local.get $b)",
    "set_new": "{select} (local.set $r) (local.get $r)",
    "tee": "{select} (local.tee $a) (local.set $r) (local.get $r)",
    "waiting": "(local.get $a) {select} (local.set $a)",
}


def _module(type_: str, a: str, b: str, condition: str, result: str) -> str:
    texts = {
        name: OPERANDS[kind].format(type=type_, name=name, value=value)
        for name, kind, value in (("a", a, 3), ("b", b, 5))
    }
    select = f"{texts['a']} {texts['b']} {CONDITIONS[condition]} (select (result {type_}))"
    return (
        f"(func (export {result!r}) (param $a0 {type_}) (param $b0 {type_}) (param $c i32) (result {type_})"
        f" (local $a {type_}) (local $b {type_}) (local $r {type_})"
        f" (local.set $a (local.get $a0)) (local.set $b (local.get $b0))"
        f" {RESULTS[result].format(select=select)})"
    ).replace("'", '"')


@pytest.mark.parametrize("type_", TYPES)
def test_every_operand_and_result(type_: str) -> None:
    for a, b, condition in product(OPERANDS, OPERANDS, CONDITIONS):
        text = "".join(_module(type_, a, b, condition, result) for result in RESULTS)
        exports = linocut.load(f"(module {text})").instantiate().exports
        for result in RESULTS:
            found = [exports[result](3, 5, chosen) for chosen in (0, 1)]
            expected = [3, 3] if result == "waiting" else [5, 3]
            assert found == expected, f"{type_} select of {a} and {b}, {condition}, result: {result}"
