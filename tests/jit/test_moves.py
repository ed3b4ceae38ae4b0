"""Values that move to arguments, results and labels: every permutation of registers and mixture of kinds."""

from __future__ import annotations

import itertools
import random
import re

import linocut
import pytest

pytest.importorskip("wasmtime")
pytest.importorskip("capstone", reason="what is asked for is seen in the machine code")

from linocut.inspecting.catalogue import stencils_of
from linocut.inspecting.listing.listing import Listing
from twins import agree

from linocut_isa import Opcode, supported

pytestmark = pytest.mark.usefixtures("both_ways")

TYPES = ["i32", "i64", "f32", "f64"]
TEMPORARIES = {
    "i": ["rax", "rcx", "rdx", "r11"],
    "f": ["xmm0", "xmm1", "xmm2", "xmm3"],
}
WIDE = {"eax": "rax", "ecx": "rcx", "edx": "rdx", "r11d": "r11"}


# Only functions without blocks are compiled where they are called.
NOT_INLINED = "(block)"


def number(type: str, n: int) -> str:
    return f"{n}.5" if type[0] == "f" else str(n)


def temporary(type: str, n: int, second: bool) -> str:
    """An operand in the first free temporary, or in the second, which a subtraction takes beside it."""
    sum = f"({type}.add (local.get 0) ({type}.const {number(type, n)}))"
    return f"({type}.sub (local.get 1) {sum})" if second else sum


def operands(type: str, seconds: tuple[bool, ...]) -> str:
    """One operand for each of `seconds`. When all four temporaries are taken, the oldest one is spilled."""
    return " ".join(temporary(type, n, second) for n, second in enumerate(seconds))


# Behind four such operands, another four arrive in the four temporaries in every order.
ORDERS = list(itertools.product((False, True), repeat=8))


def permuting(type: str) -> str:
    """A module with one function for each order; the callee rotates, so that no mistake goes unseen."""
    four = " ".join([type] * 4)
    callers = [
        f"""(func (export "f{n}") (param {type} {type}) (result {four} {four}) {operands(type, order)}
              (call $callee))"""
        for n, order in enumerate(ORDERS)
    ]
    return f"""(module (func $callee (param {four}) (result {four}) {NOT_INLINED}
      (local.get 1) (local.get 2) (local.get 3) (local.get 0)) {" ".join(callers)})"""


@pytest.mark.parametrize("type", TYPES)
def test_every_permutation_of_arguments(type: str) -> None:
    arguments = (11.25, 7.5) if type[0] == "f" else (1000, 77)
    agree(permuting(type), [(f"f{n}", *arguments) for n in range(len(ORDERS))])


@pytest.mark.parametrize("type", TYPES)
def test_the_permutations_are_all_asked_for(type: str) -> None:
    """The moves before the calls, carried out on register names, give every permutation."""
    module = linocut.load(permuting(type), interpret=False)
    registers = TEMPORARIES[type[0]]
    seen = {moved(instructions(module, n + 1), registers) for n in range(len(ORDERS))}
    assert set(itertools.permutations(registers)) <= seen


@pytest.mark.parametrize("type", ["f32", "f64"])
def test_a_circle_of_vectors_goes_through_a_register_that_is_free(type: str) -> None:
    three = " ".join([type] * 3)
    text = f"""(module (func $callee (param {three}) (result {three}) {NOT_INLINED}
      (local.get 1) (local.get 2) (local.get 0))
      (func (export "f") (param {type} {type}) (result {three}) {operands(type, (True, False, False))}
        (call $callee)))"""
    agree(text, [("f", 11.25, 7.5)])
    code = instructions(linocut.load(text, interpret=False), 1)
    assert any(line.startswith("movaps xmm3") for line in code)
    assert not any(re.search(r"\[rsp.*xmm[0-3]\b", line) for line in code)


# Rows that are compiled from a C body: their operands must be in the first temporaries.
SCALARS = {"i32", "i64", "f32", "f64"}
OF_STENCILS = [
    row
    for row in supported()
    if row.is_plain
    and not row.is_access
    and len(row.params) == 2
    and row.params[0].type in SCALARS
    and linocut.has_compiler()
    and stencils_of(row.name)
]


@pytest.mark.parametrize("row", OF_STENCILS, ids=lambda row: row.name)
def test_every_permutation_of_a_stencils_operands(row: Opcode) -> None:
    """Also where they change places and no temporary is free. The operands below must survive."""
    type, result = row.params[0].type, row.results[0].type
    below = " ".join([type] * 6)
    functions = [
        f"""(func (export "f{n}") (param {type} {type}) (result {below} {result}) {operands(type, order)}
              {row.name})"""
        for n, order in enumerate(ORDERS)
    ]
    arguments = (11.25, 7.5) if type[0] == "f" else (1000, 77)
    agree(f"(module {' '.join(functions)})", [(f"f{n}", *arguments) for n in range(len(ORDERS))])


def instructions(module: linocut.Module, function: int) -> list[str]:
    """The machine instructions before the call."""
    pieces = [piece for section in Listing.of(module, function).sections for piece in section.pieces]
    texts = [line.machine.text for piece in pieces for line in piece.code]
    return texts[: next(at for at, text in enumerate(texts) if text.startswith("call"))]


_MOVE = re.compile(r"(mov\w*|xchg) (?:\w+ ptr )?(\S+|\[rsp.*?\]), (?:\w+ ptr )?(\S+|\[rsp.*\])")


def moved(code: list[str], registers: list[str]) -> tuple[str, ...]:
    """The register that each of `registers` got its value from in the moves at the end of `code`."""
    tail: list[tuple[str, str, str]] = []
    for text in reversed(code):
        move = _MOVE.fullmatch(text)
        if not move:
            break
        mnemonic, to, source = move[1], WIDE.get(move[2], move[2]), WIDE.get(move[3], move[3])
        if not all(place in registers or place[0] == "[" for place in (to, source)):
            break
        tail.insert(0, (mnemonic, to, source))
    values = {register: register for register in registers}
    for mnemonic, to, source in tail:
        before = values.get(to, to)
        values[to] = values.get(source, source)
        if mnemonic == "xchg":
            values[source] = before
    return tuple(values[register] for register in registers)


# ── any kind of operand ──────────────────────────────────────────────────────


def kinds(type: str, n: int) -> dict[str, str]:
    """An operand of every kind that the compiler knows, told apart by its value."""
    constant = f"({type}.const {number(type, 10 + n)})"
    return {
        "constant": constant,
        "first temporary": temporary(type, 20 + n, False),
        "second temporary": temporary(type, 30 + n, True),
        "local": f"(local.get {n % 2})",
        "changed local": f"(local.get 2) (local.set 2 {constant})",
        "load": f"({type}.load (i32.const {8 * n}))",
        "slot": f"(block (result {type}) (br_if 0 {constant} (i32.const 1)) (drop) (local.get 0))",
    }


def mixture(type: str, chosen: tuple[str, ...]) -> str:
    return " ".join(kinds(type, n)[kind] for n, kind in enumerate(chosen))


KINDS = list(kinds("i32", 0))
DATA = '(memory 1) (data (i32.const 0) "\\01\\02\\03\\04\\05\\06\\07\\08\\09\\0a\\0b\\0c\\0d\\0e\\0f\\10\\11\\12\\13\\14")'
SHIFTS = {  # operands beneath the carried ones, which a branch must discard
    0: "",
    1: "(local.get 0)",
    2: "(local.get 1) (i32.const 5)",
    3: "(i32.const 1) (block (nop)) (local.get 0) (i32.const 2)",
}


def calling(way: str) -> str:
    return {
        "direct": "(call $callee)",
        "indirect": "(call_indirect (type $t) (i32.const 0))",
        "imported": "(call $host)",
    }[way]


@pytest.mark.parametrize("way", ["direct", "indirect"])
@pytest.mark.parametrize("type", TYPES)
def test_every_mixture_of_three_arguments(type: str, way: str) -> None:
    three = f"{type} {type} {type}"
    functions = [
        f"""(func (export "f{n}") (param {type} {type}) (result {three}) (local {type})
              {mixture(type, chosen)} {calling(way)})"""
        for n, chosen in enumerate(itertools.product(KINDS, repeat=3))
    ]
    arguments = (11.25, 7.5) if type[0] == "f" else (1000, 77)
    agree(
        f"""(module {DATA} (table funcref (elem $callee)) (type $t (func (param {three}) (result {three})))
          (func $callee (type $t) (local.get 1) (local.get 2) (local.get 0)) {" ".join(functions)})""",
        [(f"f{n}", *arguments) for n in range(len(functions))],
    )


def test_integers_and_floats_at_once() -> None:
    chooser = random.Random(1)
    types = ["i32", "f64", "i64", "f32"] * 2
    functions, all_types = [], " ".join(types)
    for n in range(300):
        bits = [chooser.random() < 0.5 for _ in range(16)]
        code = []
        for at, type in enumerate([*types, *types]):
            value = temporary(type, at, bits[at])
            first = {"i32": 0, "i64": 2, "f32": 4, "f64": 6}[type]
            code.append(
                value.replace("local.get 1", f"local.get {first + 1}").replace(
                    "local.get 0", f"local.get {first}"
                )
            )
        functions.append(
            f"""(func (export "f{n}") (param i32 i32 i64 i64 f32 f32 f64 f64) (result {all_types} {all_types})
                  {" ".join(code)} (call $callee))"""
        )
    agree(
        f"""(module (func $callee (param {all_types}) (result {all_types})
          {" ".join(f"(local.get {(n + 4) % 8})" for n in range(8))}) {" ".join(functions)})""",
        [(f"f{n}", 1000, 77, 5000, 12, 11.25, 7.5, 0.5, 3.75) for n in range(300)],
    )


# Ways to take two values of the type to a label or out of the function.
BRANCHES = {
    "end": "(block (result {two}) {values})",
    "br": "(block (result {two}) {below} {values} (br 0))",
    "br_if taken": "(block (result {two}) {below} {values} (br_if 0 (i32.const 1)) (unreachable))",
    "br_if not taken": "(block (result {two}) {values} (br_if 0 (i32.const 0)))",
    "br_if by a local": "(block (result {two}) {below} {values} (br_if 0 (global.get $true)) (unreachable))",
    "br_table": "(block (result {two}) (block (result {two}) {below} {values} (br_table 0 1 0 (global.get $true))))",
    "br_table default": "(block (result {two}) (block (result {two}) {below} {values} (br_table 0 1 (i32.const 9))) (drop) (drop) (unreachable))",
    "return": "{below} {values} (return)",
    "loop": """(block (result {two}) {values} (loop (param {two}) (result {two})
        (br_if 1 (global.get $again)) (global.set $again (i32.const 1))
        (drop) (drop) {below} {values} (br 0)))""",
    "loop by br_if": """(block (result {two}) {values} (loop (param {two}) (result {two})
        (br_if 1 (global.get $again)) (global.set $again (i32.const 1))
        (drop) (drop) {below} {values} (br_if 0 (global.get $true)) (unreachable)))""",
    "loop by br_table": """(block (result {two}) {values} (loop (param {two}) (result {two})
        (br_if 1 (global.get $again)) (global.set $again (i32.const 1))
        (drop) (drop) {below} {values} (br_table 0 1 0 (i32.const 0))))""",
    "if": "(if (result {two}) (global.get $true) (then {below} {values} (br 0)) (else (unreachable)))",
    "else": "{values} (i32.eqz (global.get $true)) (if (param {two}) (result {two}) (then) (else (drop) (drop) {values}))",
}  # fmt: skip


@pytest.mark.parametrize("branch", BRANCHES)
@pytest.mark.parametrize("type", TYPES)
def test_every_mixture_of_two_values_to_a_label(type: str, branch: str) -> None:
    two = f"{type} {type}"
    functions = []
    for chosen in itertools.product(KINDS, repeat=2):
        for below in SHIFTS.values() if "{below}" in BRANCHES[branch] else [""]:
            code = BRANCHES[branch].format(two=two, below=below, values=mixture(type, chosen))
            functions.append(
                f"""(func (export "f{len(functions)}") (param {two}) (result {two}) (local {type})
                      (global.set $again (i32.const 0)) {code})"""
            )
    arguments = (11.25, 7.5) if type[0] == "f" else (1000, 77)
    agree(
        f"""(module {DATA} (global $true (mut i32) (i32.const 1)) (global $again (mut i32) (i32.const 0))
          {" ".join(functions)})""",
        [(f"f{n}", *arguments) for n in range(len(functions))],
    )


@pytest.mark.parametrize("type", TYPES)
def test_loop_parameters_in_every_order(type: str) -> None:
    """A branch to a loop gives each parameter the value of any of them, read from the function's locals."""
    functions = []
    three, initial = f"{type} {type} {type}", " ".join(f"({type}.const {number(type, n)})" for n in range(3))
    for n, sources in enumerate(itertools.product(range(3), repeat=3)):
        gets = " ".join(f"(local.get {source + 1})" for source in sources)
        functions.append(
            f"""(func (export "f{n}") (param i32) (result {three}) (local {three})
              {initial} (loop $next (param {three}) (result {three})
                (local.set 3) (local.set 2) (local.set 1) {gets}
                (br_if $next (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))"""
        )
    agree(
        f"(module {' '.join(functions)})",
        [(f"f{n}", rounds) for n in range(len(functions)) for rounds in (1, 2, 3)],
    )


@pytest.mark.parametrize(
    "condition", ["(local.get 3)", "(i32.eqz (local.get 3))", "(i32.lt_s (local.get 3) (i32.const 1))"]
)
@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("arity", [1, 2])
def test_what_lies_beneath_a_value_survives_a_branch_that_is_not_taken(
    arity: int, type: str, condition: str
) -> None:
    """Operands of any kind, above them one or two values for the label; all are used afterwards."""
    functions, carried = [], " ".join([type] * arity)
    for chosen in itertools.product(KINDS, repeat=3):
        functions.append(
            f"""(func (export "f{len(functions)}") (param {type} {type}) (param $unused {type}) (param i32)
                  (result {type} {type} {type}) (local $a {type}) (local $b {type})
                  (block (result {carried}) {mixture(type, chosen)} (br_if 0 {condition})
                    (local.set $a) (local.set $b) (local.get $b) (local.get $a) (return))
                  {"(local.get 0) " * (3 - arity)})"""
        )
    first = (11.25, 7.5, 0.5) if type[0] == "f" else (1000, 77, 3)
    agree(
        f"(module {DATA} {' '.join(functions)})",
        [(f"f{n}", *first, taken) for n in range(len(functions)) for taken in (0, 1)],
    )
