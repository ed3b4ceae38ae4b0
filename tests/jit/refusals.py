"""Code that validation must refuse, each piece beside valid code that differs from it only a little.

No piece takes or leaves operands, so each can stand wherever an instruction can. Code that lacks an operand
stands in a block of its own: after `unreachable` a missing operand would be valid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linocut_isa import Space, supported

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linocut_isa import Opcode, Operand


class Refusal(NamedTuple):
    """A valid text, an invalid one, and the words in which the latter is refused."""

    valid: str
    invalid: str
    words: str


ENVIRONMENT = """(module (memory 1) (data $data "d")
  (table $functions 1 funcref) (table $externs 1 externref) (elem $elem funcref (ref.func $f))
  (elem $extern externref (ref.null extern))
  (global $mutable (mut i32) (i32.const 0)) (global $constant i32 (i32.const 0))
  (type $t (func (param i32 i64) (result f32)))
  (func $f) (func $undeclared) (func $typed (type $t) (f32.const 0))
  (func (local $i i32) (local $l i64) (local $e externref) {code}))"""
ENVIRONMENT64 = (
    ENVIRONMENT.replace("(memory 1)", "(memory i64 1)")
    .replace("$functions 1", "$functions i64 1")
    .replace("(elem $elem", "(table $narrow 1 funcref) (elem $elem")
)
WITHOUT_MEMORY = "(module (func {code}))"

VALUE = {type: f"({type}.const 0)" for type in ("i32", "i64", "f32", "f64")} | {
    "funcref": "(ref.null func)",
    "externref": "(ref.null extern)",
    "v128": "(v128.const i64x2 0 0)",
}
OTHER = {
    "i32": "i64",
    "i64": "i32",
    "f32": "f64",
    "f64": "f32",
    "funcref": "externref",
    "externref": "funcref",
    "v128": "f64",
}
MISMATCH = "type mismatch"


def of_operands(opcode: str, operands: list[str], results: list[str]) -> Iterator[Refusal]:
    """An operand of another type, one too few or too many, and a result taken for another type."""
    drops = "drop " * len(results)
    given = [VALUE[type] for type in operands]
    valid = f"{' '.join(given)} {opcode} {drops}"
    for place, type in enumerate(operands):
        wrong = [*given[:place], VALUE[OTHER[type]], *given[place + 1 :]]
        yield Refusal(valid, f"{' '.join(wrong)} {opcode} {drops}", MISMATCH)
        last_only = f"(block {' '.join(given[place + 1 :])} {opcode} {drops})"
        yield Refusal(f"(block {valid})", last_only, MISMATCH)
        yield Refusal(valid, f"{wrong[place]} {' '.join(given[place + 1 :])} {opcode} {drops}", MISMATCH)
    yield Refusal(f"(block {valid})", f"(block {VALUE['i32']} {valid})", MISMATCH)
    for type in results:
        took = f"(block (result {type}) {' '.join(given)} {opcode}) drop"
        yield Refusal(took, took.replace(f"(result {type})", f"(result {OTHER[type]})"), MISMATCH)
    yield Refusal(f"(block {valid})", f"(block {' '.join(given)} {opcode} {drops} drop)", MISMATCH)


def written(row: Opcode, memarg: str = "", lane: int = 0) -> str:
    """The row's instruction as text, with its immediates."""
    lanes = {Space.LANE: f"{lane}", Space.LANES: f"{'0 ' * 15}{lane}"}
    return " ".join([row.name, memarg, *(lanes[space] for space in row.spaces if space in lanes)])


def types_of(operands: Iterable[Operand], address: str = "i32") -> list[str]:
    """The operands' types, where addresses have the type `address`."""
    return [address if operand.is_address else operand.type for operand in operands]


def of_row(row: Opcode, address: str = "i32") -> Iterator[Refusal]:
    """The refusals of a row whose types are all in the table; addresses have the type `address`."""
    operands, results = types_of(row.params, address), types_of(row.results, address)
    yield from of_operands(written(row), operands, results)
    drops = "drop " * len(results)
    values = " ".join(VALUE[type] for type in operands)
    if row.is_access:
        aligned = [f"{values} {written(row, f'align={1 << row.align + more}')} {drops}" for more in (0, 1)]
        yield Refusal(*aligned, "alignment must not be larger than natural")
    if {Space.LANE, Space.LANES} & set(row.spaces):
        most = 31 if Space.LANES in row.spaces else row.lanes - 1
        within = [f"{values} {written(row, lane=most + more)} {drops}" for more in (0, 1)]
        yield Refusal(*within, "invalid lane index")


ROWS = [refusal for row in supported() if row.is_plain for refusal in of_row(row)]
INDICES = [
    Refusal("local.get 2 drop", "local.get 3 drop", "unknown local"),
    Refusal("(local.set 0 (i32.const 0))", "(local.set 3 (i32.const 0))", "unknown local"),
    Refusal("(local.tee 0 (i32.const 0)) drop", "(local.tee 3 (i32.const 0)) drop", "unknown local"),
    Refusal("global.get 1 drop", "global.get 2 drop", "unknown global"),
    Refusal("(global.set 0 (i32.const 0))", "(global.set 2 (i32.const 0))", "unknown global"),
    Refusal("(global.set 0 (i32.const 0))", "(global.set 1 (i32.const 0))", "immutable global"),
    Refusal("call 0", "call 4", "unknown function"),
    Refusal("(block (call_indirect (type 1) (i32.const 0)))", "(call_indirect (type 9) (i32.const 0))", "unknown type"),
    Refusal("(call_indirect 0 (type 1) (i32.const 0))", "(call_indirect 2 (type 1) (i32.const 0))", "unknown table"),
    Refusal("(call_indirect 0 (type 1) (i32.const 0))", "(call_indirect 1 (type 1) (i32.const 0))", MISMATCH),
    Refusal("(block (br 0))", "(block (br 99))", "unknown label"),
    Refusal("(block (br_if 0 (i32.const 0)))", "(block (br_if 99 (i32.const 0)))", "unknown label"),
    Refusal("(block (br_table 0 0 (i32.const 0)))", "(block (br_table 99 0 (i32.const 0)))", "unknown label"),
    Refusal("(block (br_table 0 0 (i32.const 0)))", "(block (br_table 0 99 (i32.const 0)))", "unknown label"),
    Refusal("(ref.func $f) drop", "(ref.func 99) drop", "unknown function"),
    Refusal("(ref.func $f) drop", "(ref.func $undeclared) drop", "undeclared function reference"),
    Refusal("table.size 1 drop", "table.size 2 drop", "unknown table"),
    Refusal("(table.get 1 (i32.const 0)) drop", "(table.get 2 (i32.const 0)) drop", "unknown table"),
    Refusal("(table.set 1 (i32.const 0) (ref.null extern))", "(table.set 2 (i32.const 0) (ref.null extern))", "unknown table"),
    Refusal("(table.grow 1 (ref.null extern) (i32.const 0)) drop", "(table.grow 2 (ref.null extern) (i32.const 0)) drop", "unknown table"),
    Refusal("(table.fill 1 (i32.const 0) (ref.null extern) (i32.const 0))", "(table.fill 2 (i32.const 0) (ref.null extern) (i32.const 0))", "unknown table"),
    *(
        Refusal(f"({valid} (i32.const 0) (i32.const 0) (i32.const 0))", f"({invalid} (i32.const 0) (i32.const 0) (i32.const 0))", words)
        for valid, invalid, words in [
            ("table.init 0 0", "table.init 0 2", "unknown elem segment"),
            ("table.init 0 0", "table.init 2 0", "unknown table"),
            ("table.init 0 0", "table.init 0 1", MISMATCH),
            ("table.copy 0 0", "table.copy 2 0", "unknown table"),
            ("table.copy 0 0", "table.copy 0 2", "unknown table"),
            ("table.copy 1 1", "table.copy 0 1", MISMATCH),
            ("memory.init 0", "memory.init 1", "unknown data segment"),
        ]
    ),
    Refusal("elem.drop 1", "elem.drop 2", "unknown elem segment"),
    Refusal("data.drop 0", "data.drop 1", "unknown data segment"),
]  # fmt: skip
OPERANDS = [
    *of_operands("local.set $i", ["i32"], []),
    *of_operands("local.tee $i", ["i32"], ["i32"]),
    *of_operands("local.set $e", ["externref"], []),
    *of_operands("local.get $l", [], ["i64"]),
    *of_operands("global.set $mutable", ["i32"], []),
    *of_operands("global.get $constant", [], ["i32"]),
    *of_operands("i32.const 1", [], ["i32"]),
    *of_operands("i64.const 1", [], ["i64"]),
    *of_operands("f32.const 1", [], ["f32"]),
    *of_operands("f64.const 1", [], ["f64"]),
    *of_operands("call $typed", ["i32", "i64"], ["f32"]),
    *of_operands("call_indirect (type $t)", ["i32", "i64", "i32"], ["f32"]),
    *of_operands("ref.null func", [], ["funcref"]),
    *of_operands("ref.null extern", [], ["externref"]),
    *of_operands("ref.func $f", [], ["funcref"]),
    *of_operands("table.get $externs", ["i32"], ["externref"]),
    *of_operands("table.set $externs", ["i32", "externref"], []),
    *of_operands("table.size $externs", [], ["i32"]),
    *of_operands("table.grow $externs", ["externref", "i32"], ["i32"]),
    *of_operands("table.fill $externs", ["i32", "externref", "i32"], []),
    *of_operands("table.init $functions $elem", ["i32", "i32", "i32"], []),
    *of_operands("table.copy $externs $externs", ["i32", "i32", "i32"], []),
    *of_operands("elem.drop $elem", [], []),
    *of_operands("memory.size", [], ["i32"]),
    *of_operands("memory.grow", ["i32"], ["i32"]),
    *of_operands("memory.init $data", ["i32", "i32", "i32"], []),
    *of_operands("memory.copy", ["i32", "i32", "i32"], []),
    *of_operands("memory.fill", ["i32", "i32", "i32"], []),
    *of_operands("data.drop $data", [], []),
    *of_operands("select (result externref)", ["externref", "externref", "i32"], ["externref"]),
    *of_operands("(block (param i64) (result i32) drop (i32.const 0))", ["i64"], ["i32"]),
    *of_operands("(loop (param i64) (result i32) drop (i32.const 0))", ["i64"], ["i32"]),
    *of_operands("(if (param i64) (result i64) (then))", ["i64", "i32"], ["i64"]),
    *of_operands("nop", [], []),
]
CONTROL = [
    Refusal("(ref.is_null (ref.null func)) drop", "(ref.is_null (i32.const 0)) drop", MISMATCH),
    Refusal("(block (ref.is_null (ref.null func)) drop)", "(block ref.is_null drop)", MISMATCH),
    Refusal("(block (i32.const 0) drop)", "(block drop)", MISMATCH),
    Refusal("(block (i32.const 0) (i32.const 0) (i32.const 0) select drop)", "(block (i32.const 0) (i32.const 0) select drop)", MISMATCH),
    Refusal("(i64.const 0) (i64.const 0) (i32.const 0) select drop", "(i64.const 0) (i64.const 0) (i64.const 0) select drop", MISMATCH),
    Refusal("(block (result f32) (f32.const 0) (f32.const 0) (i32.const 0) select) drop", "(block (result f64) (f32.const 0) (f32.const 0) (i32.const 0) select) drop", MISMATCH),
    Refusal("(drop (select (i32.const 0) (i32.const 0) (i32.const 0)))", "(drop (select (i32.const 0) (i64.const 0) (i32.const 0)))", MISMATCH),
    Refusal("(drop (select (i32.const 0) (i32.const 0) (i32.const 0)))", "(drop (select (ref.null func) (ref.null func) (i32.const 0)))", MISMATCH),
    Refusal("(block (result i32) (i32.const 0) (br 0)) drop", "(block (result i32) (i64.const 0) (br 0)) drop", MISMATCH),
    Refusal("(block (result i32) (i32.const 0) (br 0)) drop", "(block (result i32) (br 0)) drop", MISMATCH),
    Refusal("(i32.const 0) (loop (param i32) (br 0))", "(i32.const 0) (loop (param i32) drop (br 0))", MISMATCH),
    Refusal("(block (result i32) (br_if 0 (i32.const 0) (i32.const 0))) drop", "(block (result i32) (br_if 0 (i64.const 0) (i32.const 0))) drop", MISMATCH),
    Refusal("(block (br_if 0 (i32.const 0)))", "(block (br_if 0 (i64.const 0)))", MISMATCH),
    Refusal("(block (result i32) (br_if 0 (i32.const 0) (i32.const 0))) drop", "(block (result i32) (br_if 0 (i32.const 0) (i32.const 0)) drop)", MISMATCH),
    Refusal("(block (br_table 0 (i32.const 0)))", "(block (br_table 0 (i64.const 0)))", MISMATCH),
    Refusal("(block (result i32) (br_table 0 0 (i32.const 0) (i32.const 0))) drop", "(block (result i32) (br_table 0 0 (i64.const 0) (i32.const 0))) drop", MISMATCH),
    Refusal("(block (result i32) (block (result i32) (br_table 0 1 (i32.const 0) (i32.const 0)))) drop", "(block (result i64) (block (result i32) (br_table 0 1 (i32.const 0) (i32.const 0))) drop (i64.const 0)) drop", MISMATCH),
    Refusal("(block (block (br_table 0 1 (i32.const 0))))", "(block (result i32) (block (br_table 0 1 (i32.const 0))) (i32.const 0)) drop", MISMATCH),
    Refusal("(block (block (br_table 1 0 (i32.const 0))))", "(block (block (result i32) (i32.const 0) (br_table 1 0 (i32.const 0))) drop)", MISMATCH),
    Refusal("(block (result i32) (i32.const 0) (return)) drop", "(block (result i32) (return) (i64.const 0)) drop", MISMATCH),
    Refusal("(if (i32.const 0) (then))", "(if (i64.const 0) (then))", MISMATCH),
    Refusal("(if (result i32) (i32.const 0) (then (i32.const 0)) (else (i32.const 0))) drop", "(if (result i32) (i32.const 0) (then (i32.const 0))) drop", MISMATCH),
    Refusal("(i32.const 0) (if (param i32) (result i32) (i32.const 0) (then)) drop", "(i32.const 0) (if (param i32) (result i64) (i32.const 0) (then drop (i64.const 0))) drop", MISMATCH),
    Refusal("(if (result i32) (i32.const 0) (then (i32.const 0)) (else (i32.const 0))) drop", "(if (result i32) (i32.const 0) (then (i64.const 0)) (else (i32.const 0))) drop", MISMATCH),
    Refusal("(if (result i32) (i32.const 0) (then (i32.const 0)) (else (i32.const 0))) drop", "(if (result i32) (i32.const 0) (then (i32.const 0)) (else (i64.const 0))) drop", MISMATCH),
    Refusal("(if (result i32) (i32.const 0) (then unreachable) (else (i32.const 0))) drop", "(if (result i32) (i32.const 0) (then unreachable) (else)) drop", MISMATCH),
    Refusal("(if (i32.const 0) (then) (else))", "(if (i32.const 0) (then (i32.const 0)) (else))", MISMATCH),
    Refusal("(if (i32.const 0) (then) (else))", "(if (i32.const 0) (then) (else (i32.const 0)))", MISMATCH),
    Refusal("(i32.const 0) (if (param i32) (i32.const 0) (then drop) (else drop))", "(i32.const 0) (if (param i32) (i32.const 0) (then drop) (else i64.eqz drop))", MISMATCH),
    Refusal("(block (result i32) (i32.const 0)) drop", "(block (result i32) (i64.const 0)) drop", MISMATCH),
    Refusal("(loop (result i32) (i32.const 0)) drop", "(loop (result i32) (i64.const 0)) drop", MISMATCH),
    Refusal("(loop (result i32) (i32.const 0)) drop", "(loop (result i32)) drop", MISMATCH),
    Refusal("(block unreachable)", "(block unreachable (i32.const 0))", MISMATCH),
]  # fmt: skip
TEXTS = list(dict.fromkeys([*ROWS, *INDICES, *OPERANDS, *CONTROL]))

# For a module with 64-bit addresses, which its memories and one of its two tables have.
TEXTS64 = [
    *(refusal for row in supported() if row.is_access and row.is_plain for refusal in of_row(row, "i64")),
    *of_operands("memory.size", [], ["i64"]),
    *of_operands("memory.grow", ["i64"], ["i64"]),
    *of_operands("memory.fill", ["i64", "i32", "i64"], []),
    *of_operands("memory.copy", ["i64", "i64", "i64"], []),
    *of_operands("memory.init 0", ["i64", "i32", "i32"], []),
    *of_operands("memory.atomic.wait64", ["i64", "i64", "i64"], ["i32"]),
    *of_operands("memory.atomic.notify", ["i64", "i32"], ["i32"]),
    *of_operands("table.size 0", [], ["i64"]),
    *of_operands("table.size 1", [], ["i32"]),
    *of_operands("table.get 0", ["i64"], ["funcref"]),
    *of_operands("table.set 0", ["i64", "funcref"], []),
    *of_operands("table.grow 0", ["funcref", "i64"], ["i64"]),
    *of_operands("table.fill 0", ["i64", "funcref", "i64"], []),
    *of_operands("table.init 0 0", ["i64", "i32", "i32"], []),
    *of_operands("table.copy 0 0", ["i64", "i64", "i64"], []),
    *of_operands("table.copy 0 2", ["i64", "i32", "i32"], []),
    *of_operands("table.copy 2 0", ["i32", "i64", "i32"], []),
    *of_operands("call_indirect 0 (type 1)", ["i64"], []),
]

# Text for a module that has no memory.
LOADS_AND_STORES = [row for row in supported() if row.is_access and row.is_plain]
NO_MEMORY = [
    *(
        f"{' '.join(VALUE[type] for type in types_of(row.params))} {written(row)} {'drop ' * len(row.results)}"
        for row in LOADS_AND_STORES
    ),
    *("memory.size drop", "(memory.grow (i32.const 0)) drop"),
    "(memory.fill (i32.const 0) (i32.const 0) (i32.const 0))",
    "(memory.copy (i32.const 0) (i32.const 0) (i32.const 0))",
]

# Bytes that no text stands for, and the words in which they are refused.
MALFORMED = [
    ("27", "illegal opcode"),
    ("ff", "illegal opcode"),
    ("fc 63", "illegal opcode"),
    ("fc 80 80 80 80 80 00", "integer representation too long"),
    ("20 80 80 80 80 80 00 1a", "integer representation too long"),
    ("20 80 80 80 80 70 1a", "integer too large"),
    ("41 80 80 80 80 80 00 1a", "integer representation too long"),
    ("41 80 80 80 80 30 1a", "integer too large"),
    ("42 80 80 80 80 80 80 80 80 80 80 00 1a", "integer representation too long"),
    ("42 80 80 80 80 80 80 80 80 80 30 1a", "integer too large"),
    ("02 80 80 80 80 80 00 0b", "integer representation too long"),
    ("02 41 0b", "malformed value type 0x41"),
    ("05", "else without if"),
    ("02 40 05 0b", "else without if"),
    ("41 00 04 40 05 05 0b", "else without if"),
    ("41 00 28 80 01 00 1a", "malformed memop flags"),
    ("41 00 28 02 80 80 80 80 80 80 80 80 80 80 00 1a", "integer representation too long"),
    ("d0 77 1a", "malformed reference type"),
    ("41 00 41 00 41 00 1c 01 41 1a", "malformed value type"),
    ("41 00 0e 7f 00", "unexpected end"),
]
INVALID = [
    ("41 00 41 00 41 00 1c 00 1a", "invalid result arity"),
    ("41 00 41 00 41 00 1c 02 7f 7f 1a", "invalid result arity"),
    ("02 09 0b", "unknown type"),
    ("41 00 28 02 80 80 80 80 10 1a", "offset out of range"),
    ("41 00 28 42 01 00 1a", "unknown memory"),
    ("3f 01 1a", "unknown memory"),
]
# Bodies whose last byte looks like their end but is part of an immediate.
CUT_OFF = [
    *("41 0b", "41 80 0b", "42 0b", "42 80 80 0b"),
    *("43 00 00 00 0b", "43 0b", "44 00 00 00 00 00 00 00 0b", "44 00 00 0b"),
    *("41 00 28 02 0b", "41 00 41 00 41 00 fc 0b", "41 00 0e 05 00 0b"),
    *("02 40 0b", "03 40 0b", "02 40 02 40 0b 0b", "41 00 04 40 0b", "41 00 04 40 05 0b"),
]
