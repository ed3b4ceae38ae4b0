"""Files of `linocut spec explode` that once were wrong, or that need more than linocut has."""

from __future__ import annotations

import pytest
from explosions import cases, made, outcome, said
from linocut.cli.__main__ import main
from linocut.spec.explode.files.case import Case, LeftOut
from linocut.spec.explode.modules.reading import read_module


def test_what_has_no_file_has_happened_all_the_same():
    script = """(module (global $n (mut i32) (i32.const 0)) (func (export "n") (result i32) (global.get $n))
      (func (export "count") (param funcref) (global.set $n (i32.add (global.get $n) (i32.const 1)))))
    (invoke "count" (ref.func))
    (assert_return (invoke "n") (i32.const 1))"""
    module, *rest = made(script)
    assert isinstance(module, Case)
    assert [(type(case), case.line) for case in rest] == [(LeftOut, 3), (LeftOut, 4)]


THROWING = """(module (tag $e) (global $n (mut i32) (i32.const 0))
  (func (export "throw") (global.set $n (i32.const 7)) (throw $e))
  (func (export "n") (result i32) (global.get $n)))
(assert_exception (invoke "throw"))
(assert_return (invoke "n") (i32.const 7))"""


def test_what_a_throwing_call_has_done_is_repeated():
    last = cases(THROWING)[-1]
    assert (last.replay, last.features) == (1, {"exception-handling"})
    assert said(last) == "ok"


HOST = """(module
  (func (export "i31") (param externref) (result i32) (ref.test i31ref (any.convert_extern (local.get 0)))))
(assert_return (invoke "i31" (ref.extern 1)) (i32.const 0))"""


STORED = """(module $A (table 1 externref)
  (func (export "set") (param externref) (table.set (i32.const 0) (local.get 0)))
  (func (export "get") (result externref) (table.get (i32.const 0))))
(register "A" $A)
(invoke $A "set" (ref.extern 1))
(module $B (import "A" "get" (func $get (result externref)))
  (func (export "i31") (result i32) (ref.test i31ref (any.convert_extern (call $get)))))
(assert_return (invoke $B "i31") (i32.const 0))"""


def test_a_host_makes_the_objects_of_a_call_between_two_modules_too():
    merged, linked = (case for case in cases(STORED) if case.assertion == "return")
    assert (len(merged.links), len(linked.links)) == (0, 3)
    assert linked.imports == ("host.externref",)
    assert (said(merged), said(linked)) == ("ok", "ok")


LOOKED_AT = """(module (func (export "same") (param externref) (result externref)
    (drop (ref.test i31ref (any.convert_extern (local.get 0)))) (local.get 0))
  (func (export "plain") (param externref) (result externref) (local.get 0)))
(assert_return (invoke "same" (ref.extern 1)) (ref.extern 1))
(assert_return (invoke "plain" (ref.extern 1)) (ref.extern 1))"""


def test_nobody_can_look_into_an_object_of_a_host():
    """Only the handle that stands for it has a number, so the file would trap in every engine."""
    _, same, plain = made(LOOKED_AT)
    assert isinstance(same, LeftOut)
    assert isinstance(plain, Case)
    assert said(plain) == "ok"


@pytest.mark.parametrize("signal", ["trap", "wasi", "result"])
def test_a_host_makes_its_objects_where_a_stand_in_would_be_found_out(signal):
    (case,) = (case for case in cases(HOST, signal) if case.assertion == "return")
    assert case.imports == ("host.externref",)
    assert said(case) == "ok"


@pytest.mark.parametrize("text", ["(func $name)", '(@custom "x" (before first) "y") (func $name)'])
def test_a_whole_module_keeps_the_order_of_its_sections(text):
    (case,) = cases(f"(module {text})")
    numbers = [number for number, _ in read_module(case.content).sections]
    standard = [number for number in numbers if number]
    assert standard == [1, 3, 7, 10]
    assert numbers[-1] == 0, "names come last"
    assert outcome(case, case.content) == "ok"


@pytest.mark.parametrize(
    ("module", "features"),
    [
        ("(global i32 (i32.const 0)) (global i32 (global.get 0))", {"constant-globals"}),
        ('(import "spectest" "global_i32" (global i32)) (global i32 (global.get 0))', set()),
        ("(func $f (result i32) (return_call $f))", {"tail-call"}),
        (
            "(type $f (func)) (func (param (ref $f)) (return_call_ref $f (local.get 0)))",
            {"tail-call", "function-references"},
        ),
        ("(type $f (func)) (func (drop (ref.null $f)))", {"function-references", "reference-types"}),
        ("(func (drop (ref.null func)))", {"reference-types"}),
        ("(func (result i32 i32) (i32.const 1) (i32.const 2))", {"multi-value"}),
        ("(memory i64 1)", {"memory64"}),
    ],
)
def test_features_are_those_that_an_engine_must_have(module, features):
    (case,) = cases(f"(module {module})")
    assert case.features == features


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ('(assert_return (invoke "g"))', 'there is no func "g"'),
        ('(assert_return (get "f") (i32.const 1))', 'there is no global "f"'),
        ('(assert_return (invoke $nobody "f"))', "there is no $nobody"),
        ('(assert_return (invoke "f" (i64.const 1)) (i32.const 1))', "types do not fit: ['i64'] for ['i32']"),
        ('(assert_return (invoke "f" (i32.const 1)))', "types do not fit: [] for ['i32']"),
        ('(register "M" $none)', "there is no $none"),
        ('(module (import "none" "f" (func)))', 'nobody offers "none" "f"'),
    ],
)
def test_what_a_script_cannot_mean_is_left_out_and_the_rest_goes_on(command, reason):
    module = '(module (func (export "f") (param i32) (result i32) (local.get 0)))'
    right = '(assert_return (invoke "f" (i32.const 2)) (i32.const 2))'
    _, before, wrong, *_ = made(f"{module} {right} {command} {right}")
    assert isinstance(before, Case)
    assert isinstance(wrong, LeftOut)
    assert wrong.reason == reason


@pytest.mark.parametrize(
    "module",
    [
        '(func (export "f") (call 99))',
        '(export "f" (func 7))',
        '(start 5) (func (export "f"))',
        '(type (struct)) (func $a (type 0)) (func (export "f") (call $a))',
        '(memory 1) (data (memory 4) (i32.const 0) "x") (func (export "f"))',
        '(table 1 funcref) (type $t (func)) (func $a) (elem (offset) $a) (func (export "f") (call_indirect (type $t) (i32.const 0)))',
    ],
)
@pytest.mark.parametrize("pack", ["file", "module"])
def test_a_module_that_is_not_valid_costs_no_other(tmp_path, capsys, module, pack):
    script, folder = tmp_path / "wrong.wast", tmp_path / "x"
    right = (
        '(module (func (export "g") (result i32) (i32.const 1))) (assert_return (invoke "g") (i32.const 1))'
    )
    script.write_text(f'(module {module})\n(assert_return (invoke "f"))\n{right}\n')
    assert main(["spec", "explode", str(script), "-o", str(folder), "--pack", pack]) == 0
    assert main(["spec", "check", "--engine", "linocut", "--only", "*.g-L3-ok", str(folder)]) == 0
    assert "1 of 1 passed" in capsys.readouterr().out


def test_a_script_that_is_no_text_is_left_out(tmp_path, capsys):
    (tmp_path / "bytes.wast").write_bytes(b"(module) \xff")
    assert main(["spec", "explode", str(tmp_path / "bytes.wast"), "-o", str(tmp_path / "x")]) == 0
    assert "left out: it is not UTF-8 at byte 9" in capsys.readouterr().out
