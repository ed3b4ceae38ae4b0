"""`linocut spec explode --pack module`: the assertions about an instance as exports of one file."""

from __future__ import annotations

import json

import linocut
import pytest
from linocut.cli.__main__ import main

SCRIPT = """
(module $M (memory (export "memory") 1) (data (i32.const 0) "\\01") (global $n (mut i32) (i32.const 0))
  (func (export "count") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "load") (param i32) (result i32)
    (memory.copy (i32.const 0) (i32.const 0) (i32.const 1)) (i32.load8_u (local.get 0)))
  (func (export "div") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
  (func (export "extend") (result i32) (i32.extend8_s (i32.const 255))))
(register "M" $M)
(assert_return (invoke "count") (i32.const 1))
(invoke "count")
(assert_trap (invoke "div" (i32.const 0)) "integer divide by zero")
(assert_return (invoke "extend") (i32.const -1))
(assert_return (invoke "load" (i32.const 0)) (i32.const 1))
(module $N (memory (import "M" "memory") 1) (data (i32.const 0) "\\02")
  (func (export "store") (param i32) (i32.store8 (i32.const 0) (local.get 0))))
(assert_return (invoke $M "load" (i32.const 0)) (i32.const 2))
(invoke $N "store" (i32.const 3))
(assert_return (invoke $M "load" (i32.const 0)) (i32.const 3))
(assert_return (invoke $M "count") (i32.const 3))
"""


def explode(tmp_path, script: str, *options: str):
    path, folder = tmp_path / "counting.wast", tmp_path / "files"
    path.write_text(script)
    assert main(["spec", "explode", str(path), "-o", str(folder), "--pack", "module", *options]) == 0
    lines = (folder / "manifest.jsonl").read_text().splitlines()
    return folder, [json.loads(line) for line in lines]


def exports_of(entries: list, name: str) -> list[str]:
    return [entry["export"] for entry in entries if entry["file"].endswith(name)]


@pytest.mark.parametrize("signal", ["trap", "wasi", "result"])
def test_every_export_ends_as_it_must(tmp_path, capsys, signal):
    folder, entries = explode(tmp_path, SCRIPT, "--signal", signal)
    packed = [entry for entry in entries if entry.get("export")]
    assert len({entry["file"] for entry in packed}) == 4  # grouped by what the assertions need
    assert exports_of(packed, "counting-L2.wasm") == ["L9", "L10", "L11", "L19"]
    assert exports_of(packed, "counting-L2-3.wasm") == ["L13", "L16", "L18"]
    assert main(["spec", "check", "--engine", "linocut", str(folder)]) == 0
    capsys.readouterr()


def test_what_others_did_is_done_by_the_export_that_comes_after_it(tmp_path):
    """Between two reads of a shared memory, another module's segment and a call of it change the memory."""
    folder, _ = explode(tmp_path, SCRIPT)
    exports = linocut.load((folder / "counting/counting-L2-3.wasm").read_bytes()).instantiate().exports
    assert list(exports) == ["L13", "L16", "L18"]
    for name in exports:
        exports[name]()


def test_an_export_that_was_not_called_is_missed(tmp_path):
    folder, _ = explode(tmp_path, SCRIPT)
    exports = linocut.load((folder / "counting/counting-L2.wasm").read_bytes()).instantiate().exports
    with pytest.raises(linocut.Trap):
        exports["L19"]()


def test_what_needs_more_together_than_alone_is_not_packed(tmp_path):
    script = """
    (module $A (memory (export "m") 1) (data (i32.const 0) "\\01")
      (func (export "a") (result i32) (i32.load8_u (i32.const 0))))
    (register "A" $A)
    (module (memory (export "m") 1) (data (i32.const 0) "\\02") (func (export "load") (result i32)
      (i32.load8_u (i32.const 0))))
    (register "B")
    (module (import "A" "a" (func $a (result i32))) (import "B" "load" (func $b (result i32)))
      (func (export "a") (result i32) (call $a)) (func (export "b") (result i32) (call $b)))
    (assert_return (invoke "a") (i32.const 1))
    (assert_return (invoke "b") (i32.const 2))"""
    _, entries = explode(tmp_path, script)
    returns = [entry for entry in entries if entry["assertion"] == "return" and not entry["link"]]
    assert [entry.get("export") for entry in returns] == [None, None]


def test_objects_of_a_host_do_not_get_into_files_that_look_into_their_stand_ins(tmp_path):
    script = """
    (module (type (struct)) (func (export "same") (param externref) (result externref) (local.get 0))
      (func (export "i31") (param externref) (result i32)
        (ref.test i31ref (any.convert_extern (local.get 0)))))
    (assert_return (invoke "same" (ref.extern 1)) (ref.extern 1))
    (assert_return (invoke "i31" (ref.extern 1)) (i32.const 0))"""
    folder, entries = explode(tmp_path, script)
    imports = [entry["imports"] for entry in entries if entry["assertion"] == "return"]
    assert imports == [[], ["host.externref"]]
    pytest.importorskip("wasmtime")
    assert main(["spec", "check", "--engine", "wasmtime", str(folder)]) == 0
