"""What things are called, other annotations, and where custom sections go."""

from __future__ import annotations

import linocut.wat
import pytest
from linocut.text.binary import Reader
from linocut.text.names import LABEL_NAMES, NAME_MAPS, PARAMETER_NAMES, Names, read_names
from linocut.wat.binary_module import BinaryModule

from linocut_isa import Space

assemble = linocut.wat.assemble


def names(text: str) -> Names:
    wasm = assemble(text)
    assert assemble(linocut.wat.print(wasm)) == wasm
    return read_names(wasm.partition(b"\x04name")[2])


def test_identifiers_become_names() -> None:
    found = names("""(module $m (type $t (func (param $p i32))) (table $a 1 funcref) (memory $b 1)
      (global $g i32 (i32.const 0)) (tag $e) (data $d "") (elem $l funcref)
      (func $f (param $x i32) (local i32) (local $y i64) (loop (block $in (br $in)))))""")
    assert found.module == "m"
    by_space = {space: found.maps[number] for space, number in NAME_MAPS.items()}
    assert by_space == {
        Space.FUNC: {0: "f"}, Space.TYPE: {0: "t"}, Space.TABLE: {0: "a"}, Space.MEMORY: {0: "b"},
        Space.GLOBAL: {0: "g"}, Space.ELEM: {0: "l"}, Space.DATA: {0: "d"}, Space.TAG: {0: "e"},
    }  # fmt: skip
    assert found.locals == {0: {0: "x", 2: "y"}}
    assert found.indirect[LABEL_NAMES] == {0: {1: "in"}}
    assert found.indirect[PARAMETER_NAMES] == {0: {0: "p"}}


def test_annotations_go_before_identifiers() -> None:
    found = names("""(module $m (@name "M") (func $f (@name "F") (param $x (@name "X") i32) (local (@name "") i32))
      (func (@name "F")))""")
    assert (found.module, found.functions, found.locals) == ("M", {0: "F", 1: "F"}, {0: {0: "X", 1: ""}})


def test_a_module_without_names_has_no_section_of_them() -> None:
    assert b"name" not in assemble("(func (param i32) (block))")


def sections(text: str) -> list[str]:
    """What the sections are, custom ones by their names."""
    reader, found = Reader(assemble(text), 8), []
    while not reader.is_done:
        number, content = reader.byte(), Reader(reader.take(reader.unsigned()))
        found.append(str(number) if number else content.name())
    return found


def test_custom_sections_go_where_they_say() -> None:
    text = """(@custom "last" "a") (@custom "first" (before first) "b" "c") (@custom "x" (after func)) (func $f)
      (@custom "y" (before code)) (@custom "z" (after func)) (@custom "no global" (after global))"""
    assert sections(text) == ["first", "1", "3", "x", "z", "no global", "y", "10", "last", "name"]
    assert b"\x05firstbc" in assemble(text)


def test_custom_sections_are_printed_with_their_places() -> None:
    wasm = assemble(
        '(@custom "a" (before first) "\\00\\ff") (func) (@custom "b" (after func)) (@custom "c" "d")'
    )
    assert assemble(linocut.wat.print(wasm)) == wasm


def test_hints_to_branches() -> None:
    """Offsets are those of the branches in the body, behind its locals."""
    flat = """(func (param i32) (local i64) local.get 0 (@metadata.code.branch_hint "\\01") if nop end
      local.get 0 (@metadata.code.branch_hint "\\00") br_if 0)"""
    folded = """(func (param i32) (local i64)
      (@metadata.code.branch_hint "\\01") (if (local.get 0) (then nop))
      (@metadata.code.branch_hint "\\00") (br_if 0 (local.get 0)))"""
    wasm = assemble(flat)
    assert wasm == assemble(folded)
    assert BinaryModule(wasm).hints == {0: {5: b"\1", 11: b"\0"}}
    text = linocut.wat.print(wasm)
    assert text.count("(@metadata.code.branch_hint") == 2
    assert assemble(text) == wasm


@pytest.mark.parametrize(
    "text",
    [
        '(module (@name "a") (@name "b"))',
        '(func) (@name "a")',
        '(func (nop) (@name "a"))',
        '(func (@custom "a"))',
        "(@custom)",
        '(@custom "a" (beside func))',
        '(@custom "a" (after functions))',
        '(@custom "a" 1)',
        '(@metadata.code.branch_hint "\\00")',
        '(func (@metadata.code.branch_hint "\\00") (@metadata.code.branch_hint "\\00") nop)',
    ],
)
def test_annotations_where_they_mean_nothing(text: str) -> None:
    with pytest.raises(linocut.wat.TextError):
        assemble(text)


def test_unknown_annotations_stand_anywhere() -> None:
    assert assemble('((@a)func(@b "c" (d))(param(@e)i32(@f)))') == assemble("(func (param i32))")
