"""The files of `linocut spec explode` run in linocut itself, and wrong expectations show."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import linocut
import pytest
from explosions import cases, outcome
from linocut.cli.__main__ import main
from linocut.text import commands as c
from linocut.text.legacy_try import flatten
from linocut.text.values import Number

SCRIPT = """
(module $M (memory (export "mem") 1) (data (i32.const 0) "\\2a")
  (global $g (export "g") (mut i32) (i32.const 7))
  (func (export "set") (param i32) (i32.store (i32.const 4) (local.get 0)))
  (func (export "get") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "nan") (result f64) (f64.div (f64.const 0) (f64.const 0))))
(register "M" $M)
(assert_return (invoke "get" (i32.const 0)) (i32.const 42))
(invoke "set" (i32.const 9))
(assert_return (invoke "get" (i32.const 4)) (i32.const 9))
(assert_return (get "g") (i32.const 7))
(assert_return (invoke "nan") (f64.const nan:canonical))
(assert_return (invoke "div" (i32.const 7) (i32.const 2)) (i32.const 3))
(assert_trap (invoke "div" (i32.const 7) (i32.const 0)) "integer divide by zero")
(module (import "M" "mem" (memory 1)) (data (i32.const 8) "\\05") (func (export "peek") (result i32)
  (i32.load (i32.const 8))))
(assert_return (invoke "peek") (i32.const 5))
(assert_trap (module (import "M" "mem" (memory 1)) (data (i32.const 12) "\\06") (data (i32.const 65536) "x"))
  "out of bounds memory access")
(assert_return (invoke $M "get" (i32.const 12)) (i32.const 6))
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_malformed (module quote "(func") "unexpected")
(assert_unlinkable (module (import "M" "none" (func))) "unknown import")
"""


@pytest.mark.parametrize("signal", ["trap", "result"])
def test_every_file_ends_as_it_must(signal):
    called = [case for case in cases(SCRIPT, signal) if case.signal and not case.links]
    assert [case.assertion for case in called].count("return") == 7
    for case in called:
        assert outcome(case, case.content) == case.expect, case.line
        if case.control is not None:
            assert outcome(case, case.control) == "ok", case.line


@pytest.mark.parametrize(("signal", "shows"), [("trap", "trap"), ("result", "wrong")])
def test_one_wrong_bit_turns_a_file_red(signal, shows):
    def flip(command):
        if not isinstance(command, c.AssertReturn):
            return command
        (value,) = command.expected
        assert isinstance(value, Number)
        lowest = value.mask & -value.mask
        return replace(command, expected=(replace(value, bits=value.bits ^ lowest),))

    returns = [case for case in cases(SCRIPT, signal, flip) if case.assertion == "return" and not case.links]
    assert {outcome(case, case.content) for case in returns} == {shows}


def test_only_what_can_be_noticed_is_repeated():
    by_line = {case.line: case for case in cases(SCRIPT) if not case.links and case.assertion == "return"}
    repeated = [case.replay for case in by_line.values()]
    assert repeated == [0, 1, 0, 0, 0, 1, 1]
    division = next(case for case in by_line.values() if case.name == "div")
    assert len(division.content) < 90
    assert b"\x2a" not in division.content.replace(b"\x41\x2a", b"")


def test_an_unlinkable_module_comes_with_its_providers():
    (case,) = (case for case in cases(SCRIPT) if case.assertion == "unlinkable")
    assert [link.as_name for link in case.links] == ["M"]
    provider = linocut.load(case.links[0].content).instantiate()
    with pytest.raises(linocut.LinkError):
        linocut.load(case.content).instantiate({"M": provider.exports})


@pytest.mark.parametrize(("offset", "code"), [(0, 0), (1, 1)])
def test_wasi_files_say_a_wrong_value_by_their_exit_code(tmp_path, offset, code):
    script = SCRIPT.replace("(i32.const 42))", f"(i32.const {42 + offset}))")
    case = next(case for case in cases(script, "wasi") if case.assertion == "return")
    file = tmp_path / "case.wasm"
    file.write_bytes(case.content)
    assert main(["run", str(file)]) == code


def test_command_writes_manifest_and_the_same_bytes_twice(tmp_path, capsys):
    script = tmp_path / "small.wast"
    script.write_text(SCRIPT)
    for name in "ab":
        assert main(["spec", "explode", str(script), "-o", str(tmp_path / name)]) == 0
    assert "8  return" in capsys.readouterr().out
    files = [sorted(p.relative_to(tmp_path / n) for p in (tmp_path / n).rglob("*.*")) for n in "ab"]
    assert files[0] == files[1]
    for file in files[0]:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    entries = [json.loads(line) for line in (tmp_path / "a/manifest.jsonl").read_text().splitlines()]
    assert {entry["file"] for entry in entries} <= {path.as_posix() for path in files[0]}
    trap = next(entry for entry in entries if entry["expect"] == "trap" and entry["control"])
    assert trap["file"] == "small/small.div-L15-trap.wasm"
    assert main(["spec", "explode", str(script), "-o", str(tmp_path / "a")]) == 2


def test_a_folded_try_of_old_becomes_flat():
    folded = (
        "(func (try $l (result i32) (do (i32.const 1)) (catch $e (i32.const 2)) (catch_all (i32.const 3))))"
    )
    flat = "(func try $l (result i32) (i32.const 1) catch $e (i32.const 2) catch_all (i32.const 3) end)"
    assert " ".join(flatten(folded).split()) == flat.replace("end)", "end )")
    assert flatten("(func (try (do) (delegate 0)))").split() == ["(func", "try", "delegate", "0", ")"]


def test_readme_of_the_output_is_short():
    text = Path(linocut.__file__).with_name("spec") / "explode/output.md"
    assert len(text.read_text().splitlines()) <= 20
