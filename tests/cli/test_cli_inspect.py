from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import linocut
import pytest
from linocut.cli.inspect import main

pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
from linocut.inspecting.listing.listing import Line, Listing

CASES = sorted((Path(__file__).parent.parent / "golden" / "cases").glob("*.wat"))
CASE = Path(__file__).parent.parent / "golden" / "cases" / "many_arguments.wat"


def test_overview_lists_every_function(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(CASE)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].split()[0] == "0"
    assert lines[1].endswith(" $f")


@pytest.mark.compiled
@pytest.mark.parametrize("name", ["0", "f"])
def test_function_by_index_and_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(CASE), "--func", name]) == 0
    text = capsys.readouterr().out
    assert text.startswith("function 0 $f (param ")
    assert "local.get" in text
    assert " ret" in text


@pytest.mark.compiled
def test_function_by_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "module.wat"
    path.write_text('(module (import "a" "b" (func)) (func (export "go") (nop)))')
    assert main([str(path), "--func", "go"]) == 0
    assert capsys.readouterr().out.startswith("function 1")


@pytest.mark.parametrize("arguments", [["--func", "2"], ["--func", "nothing"], ["--func", "99999999999"]])
def test_missing_function(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(CASE), *arguments]) == 2
    assert capsys.readouterr().err.startswith("linocut inspect: ")


def test_missing_and_broken_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.wasm"
    broken.write_bytes(b"\0asm")
    for path in (tmp_path / "none.wasm", broken):
        assert main([str(path)]) == 2
        assert capsys.readouterr().err.startswith("linocut inspect: ")


def code_lines(text: str, function: int = 0) -> list[Line]:
    module = linocut.load(text)
    listing = Listing.of(module, module._code.defined_functions()[0] + function)
    return [line for section in listing.sections for piece in section.pieces for line in piece.code]


def stencils(text: str) -> list[str | None]:
    return [line.stencil for line in code_lines(text)]


def comments(text: str) -> set[str]:
    return {line.comment for line in code_lines(text) if line.comment}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_byte_is_shown_and_every_instruction_named(path: Path) -> None:
    module = linocut.load(path)
    for function in range(*module._code.defined_functions()):
        listing = Listing.of(module, function)
        lines = [line for s in listing.sections for p in s.pieces for line in p.code]
        at = listing.code_offset
        lines.sort(key=lambda line: line.machine.offset)  # a long prologue lies behind the code
        for line in lines:
            assert line.machine.offset == at
            assert line.stencil is not None or line.machine.is_data, line
            at = line.machine.end
        assert at == listing.code_offset + listing.code_bytes
        wasm = [w.offset for s in listing.sections for p in s.pieces for w in p.wasm]
        assert wasm == sorted(set(wasm))


@pytest.mark.parametrize("opcode", ["i32.lt_s", "i32.ge_u", "i32.eq"])
def test_of_several_forms_with_one_encoding_the_opcodes_own(opcode: str) -> None:
    text = f"(module (func (param i32 i32) (result i32) ({opcode} (local.get 0) (local.get 1))))"
    assert opcode.replace(".", "_") + "_rr" in stencils(text)


def test_a_move_of_no_opcode() -> None:
    found = stencils("(module (func (param i32) (result i32) (local.get 0)))")
    assert "move32" in found
    assert not any("wrap" in str(name) for name in found)


def test_stencils_are_named_with_the_place_in_them() -> None:
    found = stencils("(module (func (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))")
    assert "i32_div_s" in found
    assert "i32_div_s+2" in found


def test_conditions_of_moves_and_sets() -> None:
    text = """(module (func (param i32 i32) (result i32)
      (select (local.get 0) (local.get 1) (i32.lt_s (local.get 0) (local.get 1)))))"""
    assert "move_if32" in stencils(text)


REACHING = """(module (import "env" "log" (func $log)) (global $count (mut i64) (i64.const 0))
  (type $t (func)) (table 1 funcref) (memory 1) (elem declare func $g)
  (func $f (param i32) (call $log) (call $g) (global.set $count (i64.const 5))
    (drop (i32.div_u (local.get 0) (i32.const 0))) (drop (memory.grow (local.get 0)))
    (drop (ref.func $g)) (call_indirect (type $t) (local.get 0)))
  (func $g (block)))"""


def test_comments_say_what_is_reached() -> None:
    assert comments(REACHING) >= {
        "stack_limit",
        'import 0 "env" "log"',
        "switch_context",
        "function 2 $g",
        "global 0 $count",
        "trap integer_divide_by_zero",
        "helper memory_grow",
        "func_ref of function 2 $g",
        "table 0",
        "type_id 0",
        "trap indirect_call_type_mismatch",
    }


def test_cold_sites_name_their_instruction() -> None:
    assert any(c.startswith("trap integer_divide_by_zero, of 0x") for c in comments(REACHING))


def test_jump_tables_and_constants_are_data() -> None:
    labels = " ".join(str(n % 40) for n in range(80))
    blocks = "(block " * 40
    text = f"(module (func (param i32) {blocks} (br_table {labels} (local.get 0)) {')' * 40}))"
    data = [line.machine for line in code_lines(text) if line.machine.is_data]
    assert len(data) == 128  # a power of two
    targets = {line.machine.target for line in code_lines(text) if line.machine.is_data}
    assert len(targets) == 1  # all blocks end at the same place
    negate = "(module (func (param f64) (result f64) (f64.neg (local.get 0))))"
    data = [line.machine for line in code_lines(negate) if line.machine.is_data]
    assert data[-1].text.startswith(".octa")


def test_dead_code_is_listed_behind_what_made_it_dead() -> None:
    module = linocut.load("(module (func unreachable i32.const 5 drop))")
    (body,) = [s for s in Listing.of(module, 0).sections if s.name == "body"]
    first, second, _ = body.pieces
    assert [w.text for w in first.wasm] == ["unreachable"] and first.code
    assert [w.text for w in second.wasm] == ["i32.const 5", "drop"] and not second.code


def test_a_prologue_out_of_line_comes_last_in_the_bytes() -> None:
    text = f"""(module (func (param {"i64 " * 60}) (result i64) (local.get 0)
      {" ".join(f"(i64.add (local.get {n}))" for n in range(60))}))"""
    module = linocut.load(text)
    listing = Listing.of(module, 0)
    assert [section.name for section in listing.sections][:2] == ["prologue", "body"]
    prologue = listing.sections[0].pieces[0].code
    body = [line for piece in listing.sections[1].pieces for line in piece.code]
    assert prologue[0].machine.offset > body[-1].machine.offset
    assert any(line.stencil == "load_scratch_64" for line in prologue)


@pytest.mark.compiled
def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(CASE), "--json"]) == 0
    (entry, *_) = json.loads(capsys.readouterr().out)["functions"]
    assert entry["name"] == "f"
    assert main([str(CASE), "--json", "--func", "f"]) == 0
    listing = json.loads(capsys.readouterr().out)
    assert {key: listing[key] for key in entry if key != "against_bytes"} | {"against_bytes": None} == entry
    assert listing["sections"][0]["name"] == "prologue"
    size = sum(
        len(bytes.fromhex(line["bytes"]))
        for section in listing["sections"]
        for piece in section["pieces"]
        for line in piece["code"]
    )
    assert size == listing["code_bytes"]


@pytest.mark.compiled
def test_help_documents_every_key_of_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    main([str(CASE), "--json", "--func", "f"])
    listing = json.loads(capsys.readouterr().out)
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    piece = listing["sections"][0]["pieces"][0]
    (_, stencil) = listing["stencils"].popitem()
    for key in [*listing, *piece, *piece["code"][0], *listing["opcodes"][0], *stencil]:
        assert key in shown


@pytest.mark.compiled
@pytest.mark.parametrize("arguments", [[], ["--func", "f"], ["--func", "1"]])
def test_names_cannot_disturb_a_terminal(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "module.wat"
    path.write_text(
        r"""(module (import "a\1b[2J" "b" (func))
          (func (export "<script>\1b[2J") (export "f") (call 0)))"""
    )
    assert main([str(path), *arguments]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.compiled
def test_colour_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    main([str(CASE), "--func", "f"])
    assert "\x1b[" not in capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    main([str(CASE), "--func", "f"])
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setitem(os.environ, "NO_COLOR", "1")
    main([str(CASE), "--func", "f"])
    assert "\x1b[" not in capsys.readouterr().out


def test_without_capstone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in [
        name
        for name in sys.modules
        if name.startswith(("capstone", "linocut.inspecting.", "linocut.disassembly"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "capstone", None)
    assert main([str(CASE), "--func", "f"]) == 2
    assert "pip install 'linocut[inspect]'" in capsys.readouterr().err
    assert main([str(CASE)]) == 0
