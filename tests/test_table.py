from __future__ import annotations

import linocut
import pytest
from linocut import TableType

TEXT = """(module (table (export "t") 2 4 funcref)
  (type $v (func (result i32)))
  (func $seven (export "seven") (result i32) i32.const 7)
  (elem (i32.const 0) $seven)
  (func (export "call") (param i32) (result i32) (call_indirect (type $v) (local.get 0)))
  (func (export "size") (result i32) (table.size 0)))
"""


def test_elements_are_read_and_written() -> None:
    exports = linocut.load(TEXT).instantiate().exports
    assert exports.t[0] == exports.seven
    assert exports.t[1] is None
    exports.t[1] = exports.seven
    assert exports.call(1) == 7
    exports.t[1] = None
    with pytest.raises(linocut.Trap) as caught:
        exports.call(1)
    assert caught.value.kind == "uninitialized_element"


def test_index_and_value_are_checked() -> None:
    exports = linocut.load(TEXT).instantiate().exports
    for index in (2, -1, 2**64):
        with pytest.raises(IndexError):
            exports.t[index]
        with pytest.raises(IndexError):
            exports.t[index] = None
    with pytest.raises(TypeError):
        exports.t[0] = print
    with pytest.raises(TypeError):
        exports.t["0"]
    assert list(exports.t) == [exports.seven, None]


def test_growth() -> None:
    exports = linocut.load(TEXT).instantiate().exports
    assert exports.t.grow(2, exports.seven) == 2
    assert len(exports.t) == exports.size() == 4
    assert exports.call(3) == 7
    assert exports.t.type == TableType("funcref", 4, 4)
    with pytest.raises(ValueError, match="cannot grow"):
        exports.t.grow(1)


def test_own_table() -> None:
    table = linocut.Table("externref", 2, init="x")
    assert [table[0], table[1]] == ["x", "x"]
    assert table.type == TableType("externref", 2)
    with pytest.raises(ValueError, match="references"):
        linocut.Table("i32", 1)
    with pytest.raises(ValueError, match="maximum"):
        linocut.Table("funcref", 2, 1)
