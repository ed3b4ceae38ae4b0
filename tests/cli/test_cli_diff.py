from __future__ import annotations

import json
from pathlib import Path

import linocut
import pytest

pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
from linocut import experiments
from linocut.cli.diff import main
from linocut.inspecting.diff.blocks import blocks
from linocut.inspecting.view import function_view

POST = Path(__file__).resolve().parents[2] / "examples" / "post"
DIVISION = str(POST / "division.wat")


def views(left: linocut.Module, right: linocut.Module, function: int = 0) -> tuple[dict, dict]:
    return function_view(left, function), function_view(right, function)


def test_a_function_is_as_itself() -> None:
    module = linocut.load(DIVISION)
    for function in range(*module._code.defined_functions()):
        found = list(blocks(*views(module, module, function)))
        assert not any(block.is_changed for block in found)
        assert all(block.left == block.right for block in found)


# `interrupts` is switched off for a whole process, and changes no machine code.
@pytest.mark.parametrize("switch", [name for name in experiments.SWITCHES if name != "interrupts"])
@pytest.mark.parametrize("program", sorted(POST.glob("*.wat")), ids=lambda path: path.stem)
def test_all_pieces_of_both_sides_are_there_in_order(program: Path, switch: str) -> None:
    left, right = linocut.load(program), experiments.load(program, [switch], unsafe=True)
    for function in range(*left._code.defined_functions()):
        both = views(left, right, function)
        found = list(blocks(*both))
        for side, view in zip(("left", "right"), both, strict=True):
            numbers = [p["number"] for s in view["sections"] for p in s["pieces"]]
            assert [p["number"] for block in found for p in getattr(block, side)] == numbers
        for block in found:
            texts = [[line["text"] for p in side for line in p["wasm"]] for side in (block.left, block.right)]
            assert texts[0] == texts[1]


@pytest.mark.compiled
def test_only_the_division_differs_without_its_checks(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [DIVISION, "--func", "divide", "--without", "division-checks", "--json"]
    assert main(arguments) == 0
    document = json.loads(capsys.readouterr().out)
    changed = [block for block in document["blocks"] if block["changed"]]
    assert [block["section"] for block in changed] == ["body", "cold"]
    pieces = {p["number"]: p for s in document["left"]["view"]["sections"] for p in s["pieces"]}
    assert [line["text"] for n in changed[0]["left"] for line in pieces[n]["wasm"]][-1] == "i32.div_s"
    assert document["right"]["instructions"] < document["left"]["instructions"]
    assert document["right"]["label"] == "without division-checks"


@pytest.mark.compiled
def test_as_columns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "180")
    assert main([DIVISION, "--func", "divide", "--without", "division-checks"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "function 0 $divide: 2 pieces differ"
    (division,) = [line for line in lines if "i32.div_s" in line]
    assert division.startswith("≠ ")
    assert next(line for line in lines if line.startswith("≠")) == division
    assert any("i32_div_s_unchecked" in line for line in lines)


@pytest.mark.compiled
def test_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = tmp_path / "before.wat", tmp_path / "after.wat"
    same = '(func $same (export "same") (param i32) (result i32) (local.get 0))'
    twice = '(func $twice (export "twice") (param i32) (result i32) (i32.add (local.get 0) (local.get 0)))'
    shifted = twice.replace("i32.add", "i32.shl").replace("(local.get 0)))", "(i32.const 1)))")
    before.write_text(f"(module {twice} {same})")
    after.write_text(f"(module {same} {shifted} (func $more))")
    assert main([str(before), str(after), "--json"]) == 0
    functions = {f["name"]: f for f in json.loads(capsys.readouterr().out)["functions"]}
    assert functions["same"]["left"] == {
        "function": 1,
        "code_bytes": functions["same"]["right"]["code_bytes"],
    }
    assert functions["more"]["left"] is None
    assert main([str(before), str(after), "--func", "twice"]) == 0
    out = capsys.readouterr().out
    assert "+ 0x" in out and "i32.shl" in out
    assert main([str(before), str(after), "--func", "same"]) == 0
    assert "the same code" in capsys.readouterr().out
    assert main([str(before), str(after)]) == 0
    assert "more" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([DIVISION, "--without", "brakes"], "there is no switch 'brakes'"),
        ([DIVISION, "no.wat"], "no.wat"),
        ([DIVISION, DIVISION, "--func", "absent"], "no function is called 'absent'"),
    ],
)
def test_what_goes_wrong(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_one_file_needs_a_difference(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([DIVISION])
    assert "--without" in capsys.readouterr().err


@pytest.mark.compiled
def test_help_names_switches_and_keys(capsys: pytest.CaptureFixture[str]) -> None:
    main([DIVISION, "--func", "divide", "--without", "division-checks", "--json"])
    document = json.loads(capsys.readouterr().out)
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    for key in [*document, *document["left"], *document["blocks"][0], *experiments.SWITCHES]:
        assert key in shown
