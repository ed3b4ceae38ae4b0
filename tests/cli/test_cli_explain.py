from __future__ import annotations

import json

import pytest

pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
from linocut.cli.explain import main
from linocut.inspecting.catalogue import forms, stencils
from linocut.inspecting.explanation import explain

from linocut_isa import OPCODES


@pytest.mark.parametrize("row", OPCODES, ids=lambda row: row.name)
def test_every_row(row, capsys: pytest.CaptureFixture[str]) -> None:
    document = explain(row.name)
    assert document["signature"] == row.signature
    assert document["code"] == list(row.code)
    assert [trap["message"] for trap in document["traps"]] == [t.value for t in row.trap_if.values()]
    for variant in document["variants"].values():
        code = bytes.fromhex("".join(line["bytes"] for line in variant["code"]))
        assert len(code) == variant["size"] > 0
        assert (variant["c"] is None) != (variant["template"] is None)
        assert all(hole["offset"] + hole["size"] <= len(code) for hole in variant["holes"])
    assert main([row.name]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{row.name}  ")
    assert all(name in out for name in document["variants"])


def test_every_form_is_one_instruction_and_says_its_own_name() -> None:
    from linocut._core import Listing

    for form in forms().values():
        names = [name for name, _ in Listing.form_names(form.code)]
        assert form.name in names, form
        assert all(len(bits) <= len(form.code) for bits in form.operands)


def test_every_opcode_with_a_body_of_its_own_has_a_stencil() -> None:
    compiled = {stencil.opcode for stencil in stencils().values()}
    own = {row.name for row in OPCODES if explain(row.name)["compiled"] == "stencil"}
    assert compiled == own | {f"{row.name}_deterministic" for row in OPCODES if row.deterministic}
    for stencil in stencils().values():
        assert stencil.source.startswith(f"STENCIL({stencil.name}) {{")


@pytest.mark.compiled
def test_a_division_with_and_without_checks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["i32.div_s"]) == 0
    out = capsys.readouterr().out
    assert "if b == 0: integer divide by zero" in out
    assert "TRAP(2) // integer overflow" in out
    assert "e9 .. .. .. .." in out and "{trap}" in out
    sizes = {name: variant["size"] for name, variant in explain("i32.div_s")["variants"].items()}
    assert sizes["i32_div_s_unchecked"] < sizes["i32_div_s"]


@pytest.mark.parametrize(
    ("wrong", "near"), [("i32.dv_s", "i32.div_s"), ("f64.mull", "f64.mul"), ("div_u", "div_u")]
)
def test_an_unknown_name_gives_near_ones(wrong: str, near: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([wrong]) == 2
    assert near in capsys.readouterr().err.partition(";")[2]


@pytest.mark.compiled
def test_json_and_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["i32.load", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["align"] == 2
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert all(key in shown for key in document)


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert capsys.readouterr().out.split() == [row.name for row in OPCODES]
