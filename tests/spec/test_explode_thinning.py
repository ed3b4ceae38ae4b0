"""Functions in tables: a file has only those that can be called, where that is known."""

from __future__ import annotations

import pytest
from explosions import cases, outcome
from linocut.spec.explode.modules.reading import read_module

TABLE = """(module (type $f (func (result i32))) (table $t 10 funcref)
  (func $zero (result i32) (i32.const 10)) (func $one (result i32) (i32.const 11))
  (func $pair (result i32 i32) (i32.const 1) (i32.const 2)) (func $three (result i32) (i32.const 13))
  (elem (i32.const 0) $zero $one $pair $three)
  ELEM
  (func (export "f") (param i32) (result i32) CODE))
(assert_return (invoke "f" (i32.const 3)) (i32.const WANTED))"""
CALL = "(call_indirect (type $f) (i32.const {}))"


def case(code: str, wanted: int, elem: str = ""):
    *_, last = cases(TABLE.replace("ELEM", elem).replace("CODE", code).replace("WANTED", str(wanted)))
    return last


def elements(case) -> list[int]:
    return [segment.count for segment in read_module(case.content).elements]


@pytest.mark.parametrize(
    ("code", "wanted", "kept"),
    [
        (CALL.format(3), 13, [1]),
        (f"(i32.add {CALL.format(0)} {CALL.format(3)})", 23, [4]),
        (f"(i32.add {CALL.format(0)} {CALL.format(1)})", 21, [2]),
        ("(i32.const 7)", 7, []),
    ],
)
def test_what_no_call_reaches_is_left_out(code, wanted, kept):
    found = case(code, wanted)
    assert elements(found) == kept
    assert "multi-value" not in found.features
    assert outcome(found, found.content) == "ok"


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("(call_indirect (type $f) (local.get 0))", 13),
        (
            "(table.set $t (i32.const 9) (table.get $t (i32.const 3))) (call_indirect (type $f) (i32.const 9))",
            13,
        ),
        ("(i32.const 3) (block (param i32) (result i32)) (call_indirect (type $f))", 13),
    ],
)
def test_where_the_index_is_not_known_all_are_kept(code, wanted):
    found = case(code, wanted)
    assert elements(found)[0] == 4
    assert outcome(found, found.content) == "ok"


def test_the_last_segment_that_covers_an_index_is_the_one_that_counts():
    found = case(CALL.format(1), 13, "(elem (i32.const 1) $three)")
    assert elements(found) == [1]
    assert outcome(found, found.content) == "ok"


@pytest.mark.parametrize("index", [5, 9, 10, -1])
def test_what_was_empty_stays_empty(index):
    """An empty element that is called traps, also one between two elements that are called."""
    script = TABLE.replace("ELEM", "(elem (i32.const 4) $zero) (elem (i32.const 6) $one)")
    script = script.replace("CODE", f"(drop {CALL.format(4)}) (drop {CALL.format(6)}) {CALL.format(index)}")
    *_, last = cases(
        script.partition("(assert_return")[0] + '(assert_trap (invoke "f" (i32.const 0)) "element")'
    )
    assert outcome(last, last.content) == "trap"
    assert outcome(last, last.control) == "ok"


def test_a_gap_is_not_filled_where_it_is_called():
    """Elements 0 and 3 of the first segment are called; element 2, between them, is from another segment."""
    code = f"(i32.add {CALL.format(0)} (i32.add {CALL.format(2)} {CALL.format(3)}))"
    found = case(code, 10 + 13 + 13, "(elem (i32.const 2) $three)")
    assert outcome(found, found.content) == "ok"
