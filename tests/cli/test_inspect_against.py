"""Other engines' code beside ours: is the right code beside the right code?"""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
import pytest

pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
from linocut.cli.inspect import main
from linocut.engines.code.address_map import read_address_map
from linocut.engines.code.elf import Elf
from linocut.engines.code.excerpt import excerpt
from linocut.engines.code.foreign import NoCodeError
from linocut.engines.registry import SHOWN
from linocut.inspecting.alignment.pairing import best_pairs
from linocut.inspecting.other_engine import open_code
from linocut.inspecting.overview import find_function, function_summaries, module_view
from linocut.inspecting.panes import Screen
from linocut.inspecting.view import function_view
from pairing_facts import accesses, check_shape, judged

if TYPE_CHECKING:
    from linocut.engines.code.foreign import ForeignModule

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = sorted((ROOT / "examples" / "post").glob("*.wat"))
CASES = sorted((ROOT / "tests" / "golden" / "cases").glob("*.wat"))

# Every kind of instruction that pairing_facts knows, more than once and out of order.
MIXED = """(module (memory 1) (table 1 funcref) (type $t (func (param i32) (result i32)))
  (func $leaf (param i32) (result i32) (i32.popcnt (local.get 0)))
  (func $mixed (export "mixed") (param i32 i32 f64 f64) (result f64) (local i32 f64)
    (local.set 4 (i32.div_s (local.get 0) (local.get 1)))
    (i32.store offset=64 (local.get 0) (i32.rem_u (local.get 4) (local.get 1)))
    (loop $again
      (local.set 5 (f64.add (f64.mul (local.get 2) (local.get 3)) (f64.load offset=128 (local.get 0))))
      (if (f64.lt (local.get 5) (f64.const 10))
        (then (local.set 4 (call $leaf (i32.div_u (local.get 4) (i32.load offset=72 (local.get 1))))))
        (else (local.set 4 (i32.rem_s (i32.popcnt (local.get 4)) (i32.load8_u offset=80 (local.get 1))))))
      (f64.store offset=136 (local.get 1) (f64.sub (local.get 2) (f64.sqrt (local.get 5))))
      (br_if $again (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 7))) (i32.const 3))))
    (drop (call_indirect (type $t) (local.get 4) (i32.const 0)))
    (f64.div (local.get 5) (f64.load offset=144 (i32.const 0)))))"""


def opened(name: str, module: linocut.Module) -> ForeignModule:
    try:
        return open_code(name, module._wasm)
    except NoCodeError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_programs_of_the_post(program: Path, name: str) -> None:
    module = linocut.load(program)
    engine = opened(name, module)
    sizes = engine.sizes()
    for function in range(*module._code.defined_functions()):
        try:
            view = function_view(module, function, engine)
        except NoCodeError as error:  # it lacks a feature
            pytest.skip(str(error))
        check_shape(view, view["against"]["instructions"] + data_lines(view))
        assert all(fits for _, _, fits in judged(view)), [j for j in judged(view) if not j[2]]
        assert all(told in beside for told, beside in accesses(view))
        assert abs(sizes[function] - view["against"]["code_bytes"]) <= 16


def data_lines(view: dict[str, object]) -> int:
    against = view["against"]
    assert isinstance(against, dict)
    lines = [line["text"] for pair in against["pieces"] for line in pair["code"]]
    return sum(text.startswith(".") for text in lines)


@pytest.mark.parametrize("name", SHOWN)
def test_divisions_calls_accesses_and_floats_stand_beside_their_own(name: str) -> None:
    module = linocut.load(MIXED)
    view = function_view(module, 1, opened(name, module))
    found = list(judged(view))
    assert [text for text, _, fits in found if not fits] == []
    mnemonics = {text.partition(" ")[0].removeprefix("v") for text, _, _ in found}
    assert mnemonics >= {"idiv", "div", "popcnt", "addsd", "subsd", "mulsd", "divsd", "sqrtsd", "call"}
    told = {told for told, _ in accesses(view)}
    assert told >= {"i32.store offset=64", "f64.load offset=128", "f64.store offset=136"}
    assert all(instruction in beside for instruction, beside in accesses(view))


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_line_has_one_place(path: Path, name: str) -> None:
    module = linocut.load(path)
    engine = opened(name, module)
    for function in range(*module._code.defined_functions()):
        try:
            view = function_view(module, function, engine)
        except NoCodeError as error:  # it lacks a feature
            pytest.skip(str(error))
        check_shape(view, view["against"]["instructions"] + data_lines(view))


def test_liftoff_counts_no_calls() -> None:
    """As in `linocut bench`: the counters are for TurboFan, which is never reached."""
    module = linocut.load(ROOT / "examples" / "post" / "collatz.wat")
    view = function_view(module, find_function(module, "table"), opened("liftoff", module))
    texts = [line["text"] for piece in view["against"]["pieces"] for line in piece["code"]]
    assert any(text.startswith("call") for text in texts)
    assert not [text for text in texts if re.fullmatch(r"add dword ptr \[\w+ \+ 0x[0-9a-f]+\], 1", text)]


@pytest.mark.parametrize("name", SHOWN)
def test_what_a_safe_division_costs_is_marked(name: str) -> None:
    module = linocut.load(ROOT / "examples" / "post" / "division.wat")
    view = function_view(module, find_function(module, "divide"), opened(name, module))
    (pair,) = [p for p in view["against"]["pieces"] if any("idiv" in line["text"] for line in p["code"])]
    checks = [line["text"] for line in pair["code"] if "checks" in line["marks"]]
    assert any(text.startswith("j") for text in checks)
    assert not any(text.startswith("idiv") for text in checks)
    traps = [line for p in view["against"]["pieces"] for line in p["code"] if "trap" in line["marks"]]
    assert traps and traps[0]["text"].startswith(("ud2", "call"))


def test_the_document_says_how_lines_were_paired() -> None:
    module = linocut.load(MIXED)
    told = {"liftoff": "order", "turbofan": "order", "cranelift": "wasm offsets", "winch": "wasm offsets"}
    assert set(told) == set(SHOWN)
    for name, aligned in told.items():
        against = function_view(module, 1, opened(name, module))["against"]
        assert (against["engine"], against["aligned"]) == (name, aligned)
        assert against["why"].endswith(".")
        assert against["version"]


@pytest.mark.parametrize("name", SHOWN)
def test_sizes_of_all_functions(name: str) -> None:
    module = linocut.load(MIXED)
    view = module_view(module, "mixed.wat", opened(name, module))
    assert view["against"] == name
    assert all(function["against_bytes"] > 10 for function in view["functions"])


def test_many_functions_are_asked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    module = linocut.load("(module" + "(func (param i32) (result i32) (local.get 0))" * 12 + ")")
    engine = opened("liftoff", module)
    from linocut.engines.code import v8

    runs: list[object] = []
    execute = v8.execute
    monkeypatch.setattr(v8, "execute", lambda *arguments: runs.append(arguments) or execute(*arguments))
    functions = list(function_summaries(module))
    engine.announce(functions)
    for function in functions:
        assert engine.function(function.function, function.wasm_offset).lines
    assert len(runs) == 1


@pytest.mark.compiled
@pytest.mark.parametrize("name", ["liftoff", "turbofan"])
def test_what_is_compiled_alone_is_what_it_is_among_all(name: str) -> None:
    module = linocut.load(MIXED)
    engine = opened(name, module)
    functions = list(function_summaries(module))
    alone = [engine.function(f.function, f.wasm_offset) for f in functions]
    assert engine.sizes() == {f.function: code.code_bytes for f, code in zip(functions, alone, strict=True)}
    engine.announce(functions)
    among_all = [engine.function(f.function, f.wasm_offset) for f in reversed(functions)]
    for one, other in zip(alone, reversed(among_all), strict=True):
        # Everything but the distance to V8's jump table.
        assert [(x.machine.text, x.comment, x.wasm) for x in one.lines] == [
            (x.machine.text, x.comment, x.wasm) for x in other.lines
        ]


def test_sizes_of_large_modules_are_what_v8_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from linocut.engines.code import v8

    module = linocut.load(MIXED)
    engine = opened("liftoff", module)
    exact = engine.sizes()
    monkeypatch.setattr(v8, "_LARGE", 0)
    assert exact.keys() == engine.sizes().keys()
    assert all(exact[function] <= size < exact[function] + 100 for function, size in engine.sizes().items())


def test_an_excerpt_keeps_the_indices() -> None:
    module = linocut.load(MIXED)
    kept = list(function_summaries(module))[1]
    cut = linocut.load(excerpt(module._wasm, [kept.wasm_offset]))
    sizes = [entry.wasm_bytes for entry in function_summaries(cut)]
    assert sizes == [3, kept.wasm_bytes]
    assert [i.name for i in cut.exports] == [i.name for i in module.exports]


@pytest.mark.compiled
def test_columns_in_the_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    opened("cranelift", linocut.load("(module)"))
    path = str(ROOT / "examples" / "post" / "division.wat")
    for columns, is_beside in (("170", True), ("60", False)):
        monkeypatch.setenv("COLUMNS", columns)
        assert main([path, "--func", "divide", "--against", "cranelift"]) == 0
        lines = capsys.readouterr().out.splitlines()
        (division,) = [line for line in lines if "i32.div_s" in line and line.startswith("0x")]
        assert (len(division.split()) > 4) is is_beside
        assert any("idiv" in line for line in lines)
        assert "\x1b" not in "".join(lines)
        assert all(len(line) <= int(columns) for line in lines[3:])


def test_colours_pair_the_columns() -> None:
    from linocut.inspecting.side_by_side import beside_lines

    module = linocut.load(ROOT / "examples" / "post" / "division.wat")
    view = function_view(module, 0, opened("cranelift", module))
    lines = list(beside_lines(view, Screen(200, colour=True)))
    (ours,) = [line for line in lines if "test ecx, ecx" in line and "i32_div_s" in line]
    (division,) = [line for line in lines if "0x0055 i32.div_s" in line]
    divisions = [line for line in lines if "idiv ecx" in line]
    assert ours.startswith("\x1b[3")
    assert {ours[:5], division[:5]} == {line[:5] for line in divisions}


@pytest.mark.compiled
def test_json_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    opened("cranelift", linocut.load("(module)"))
    path = str(ROOT / "examples" / "post" / "recursion.wat")
    assert main([path, "--func", "factorial", "--against", "cranelift", "--json"]) == 0
    view = json.loads(capsys.readouterr().out)
    assert view["against"]["engine"] == "cranelift"
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    line = view["against"]["pieces"][0]["code"][0]
    for key in [*view["against"], *view["against"]["pieces"][0], *line]:
        assert key in shown


def test_an_engine_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LINOCUT_NODE", "/no/such/node")
    path = str(ROOT / "examples" / "post" / "division.wat")
    assert main([path, "--func", "0", "--against", "liftoff"]) == 2
    assert "liftoff needs node" in capsys.readouterr().err
    with pytest.raises(NoCodeError, match="no engine 'ignition'; there are liftoff"):
        open_code("ignition", b"")


def test_a_module_that_the_other_engine_refuses() -> None:
    opened("cranelift", linocut.load("(module)"))
    with pytest.raises(NoCodeError, match="wasmtime does not compile this module"):
        open_code("cranelift", b"\0asm\1\0\0\0\xff").sizes()


# ── wasmtime's formats ───────────────────────────────────────────────────────
def test_address_map_in_two_blocks() -> None:
    # (4, 100) (6, none) (9, 98) | (20, 7)
    first, second = bytes([0, 100, 2 << 1 | 1, 3 << 1, 0x7E]), bytes([0, 7])
    section = struct.pack("<IIIIII", 4, 2, 4, 0, 20, len(first)) + first + second
    assert read_address_map(section) == [(4, 100), (6, None), (9, 98), (20, 7)]


@pytest.mark.parametrize(
    "section",
    [
        b"",
        struct.pack("<II", 1, 1),
        struct.pack("<IIII", 2, 1, 0, 0) + b"\0\5",
        struct.pack("<IIII", 1, 1, 0, 0) + b"\x80",
    ],
    ids=["empty", "no index", "too few entries", "cut short"],
)
def test_another_address_map_is_not_believed(section: bytes) -> None:
    with pytest.raises(ValueError):
        read_address_map(section)


def test_what_is_no_elf_file() -> None:
    for content in (b"", b"\x7fELF" + bytes(200)):
        with pytest.raises((struct.error, IndexError, ValueError)):
            Elf(content)


# ── pairing by words ─────────────────────────────────────────────────────────
def sets(*words: str) -> list[frozenset[str]]:
    return [frozenset(word.split()) for word in words]


def test_what_weighs_most_is_paired() -> None:
    ours, theirs = sets("add", "idiv", "add"), sets("idiv", "add", "add")
    assert best_pairs(ours, theirs) == [(1, 0), (2, 2)] or best_pairs(ours, theirs) == [(1, 0), (2, 1)]
    assert best_pairs(sets("mov"), theirs) == []
    assert best_pairs([], theirs) == []


def test_long_sequences_take_no_square_of_time() -> None:
    words = sets(*(["add", "sub", "number 5"] * 3000))
    found = best_pairs(words, words)
    assert found == [(i, i) for i in range(len(words))]
