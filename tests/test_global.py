from __future__ import annotations

import linocut
import pytest
from linocut import GlobalType


@pytest.mark.parametrize(
    ("type", "value", "other"),
    [
        ("i32", -5, 2**31 - 1),
        ("i64", -(2**63), 5),
        ("f32", 0.5, -1.25),
        ("f64", 0.1, 1e300),
        ("externref", None, "object"),
    ],
)
def test_values(type: str, value: object, other: object) -> None:
    constant = linocut.Global(GlobalType(type), value)
    assert constant.value == value
    assert constant.type == GlobalType(type)
    with pytest.raises(AttributeError, match="immutable"):
        constant.value = other
    variable = linocut.Global(GlobalType(type, mutable=True), value)
    variable.value = other
    assert variable.value == other


def test_value_is_checked() -> None:
    variable = linocut.Global(GlobalType("i32", mutable=True), 0)
    with pytest.raises(OverflowError):
        variable.value = 2**32
    with pytest.raises(TypeError):
        variable.value = "x"
    assert variable.value == 0


def test_both_sides_see_the_same_global() -> None:
    exports = (
        linocut.load("""(module (global $g (export "g") (mut i64) (i64.const 5))
      (func (export "get") (result i64) global.get $g)
      (func (export "set") (param i64) (global.set $g (local.get 0))))""")
        .instantiate()
        .exports
    )
    exports.g.value = 2**40
    assert exports.get() == 2**40
    exports.set(-1)
    assert exports.g.value == -1
