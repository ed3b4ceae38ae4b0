"""Assertions whose file imports from other modules, as the script's modules do."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from explosions import cases, said
from linocut.cli.__main__ import main
from linocut.text import commands as c

SHARED = """
(module $M (memory (export "memory") 1 3) (global (export "g") (mut i32) (i32.const 1))
  (func (export "grow") (drop (memory.grow (i32.const 1))))
  (func (export "size") (result i32) (memory.size)))
(register "M" $M)
(invoke $M "grow")
(module $N (memory (import "M" "memory") 2) (global $g (import "M" "g") (mut i32)) (data (i32.const 9) "\\07")
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "set") (param i32) (global.set $g (local.get 0)))
  (func (export "get") (result i32) (global.get $g)))
(assert_return (invoke $N "load" (i32.const 9)) (i32.const 7))
(assert_trap (invoke $N "load" (i32.const 131072)) "out of bounds memory access")
(invoke $N "set" (i32.const 5))
(assert_return (get $M "g") (i32.const 5))
(assert_return (invoke $N "get") (i32.const 5))
(assert_return (invoke $M "size") (i32.const 2))
(assert_unlinkable (module (memory (import "M" "memory") 3)) "incompatible import type")
"""
ENGINES = pytest.mark.parametrize("engine", ["linocut", "wasmtime"])


def linked(script: str, change: object = None) -> list:
    return [case for case in cases(script, change=change) if case.links]


@ENGINES
def test_modules_are_linked_as_the_script_does_it(engine):
    found = linked(SHARED)
    assert [case.line for case in found] == [11, 12, 13, 14, 15, 16, 17]
    for case in found:
        assert said(case, engine) == case.expect, case.line
        if case.control is not None:
            assert said(case, engine, case.control) == "ok"


def test_a_call_between_two_instantiations_is_a_module_that_starts():
    case = linked(SHARED)[0]
    assert [link.as_name for link in case.links] == ["M", "calls before line 7", "L7"]


@ENGINES
def test_a_wrong_value_turns_a_linked_file_red(engine):
    def flip(command):
        if not isinstance(command, c.AssertReturn):
            return command
        (value,) = command.expected
        return replace(command, expected=(replace(value, bits=value.bits ^ 1),))

    returns = [case for case in linked(SHARED, flip) if case.assertion == "return"]
    assert [said(case, engine) for case in returns] == ["trap"] * 4


def test_an_unlinkable_module_meets_what_calls_have_made_of_its_providers():
    """Without the call that grows the memory, an import of two pages would be refused, too, but wrongly."""
    script = SHARED.replace('"memory") 3))', '"memory") 2) (func (import "M" "none")))')
    assert said(linked(script)[-1]) == "unlinkable"


def test_a_name_that_moves_on_cannot_be_linked_but_is_merged():
    script = """
    (module $A (func (export "f") (result i32) (i32.const 1)))
    (register "A" $A)
    (module $B (func (export "f") (result i32) (i32.const 2)))
    (module $C (import "A" "f" (func $f (result i32))) (func (export "g") (result i32) (call $f)))
    (register "A" $B)
    (register "B" $A)
    (module $D (import "B" "f" (func $f (result i32))) (func (export "h") (result i32) (call $f)))
    (assert_return (invoke $D "h") (i32.const 1))"""
    *_, last = cases(script)
    assert (last.line, last.links, said(last)) == (9, (), "ok")


def test_the_manifest_names_providers_in_their_order_for_a_control_too(tmp_path):
    script, folder = tmp_path / "shared.wast", tmp_path / "files"
    script.write_text(SHARED)
    assert main(["spec", "explode", str(script), "-o", str(folder)]) == 0
    entries = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    names = {entry["id"]: [link["as"] for link in entry["link"] or ()] for entry in entries}
    assert names["shared/shared.load-L12-trap-linked"] == ["M", "calls before line 7", "L7"]
    assert names["shared/shared.load-L12-control-linked"] == names["shared/shared.load-L12-trap-linked"]
    assert main(["spec", "check", "--engine", "linocut", str(folder)]) == 0
