"""Functions that pass an opcode its operands in every way and use its result in every way."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.text.binary import Reader, unsigned
from linocut.text.wat import wat_to_wasm

from linocut_isa import ValType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut_isa import Opcode

WAYS = ("pinned", "frame", "constant", "memory", "temporary", "slot")
ENDS = ("stack", "pinned", "frame", "over_first", "over_last", "if", "br_if_not", "select", "eqz_eqz")
_TESTS = ENDS[5:]  # ends that want an i32 and give whether it is not zero
NARROW = {"i32": "i32", "f32": "i32", "i64": "i64", "f64": "i64"}
# This call leaves values in the frame, lest the upper half of a slot is zero by accident.
_DIRTY = " ".join(f"(local.set {i} (local.get 0))" for i in range(1, 80))
DIRTY = f"""(func $dirty (param i64) (local {"i64 " * 79})
  {_DIRTY} (drop (call $same (local.get 79))))
  (func $same (param i64) (result i64) (local.get 0))"""


# Stands for the opcode in the text, so that no assembler needs to know it.
_MARK, _MARK_BYTES = "i32.const 0x7ead1e57 drop", b"\x41\xd7\xbc\xb4\xf5\x07\x1a"


@dataclass(frozen=True)
class Case:
    """An exported function; `constants` are the operands that are part of its code."""

    name: str
    text: str
    opcode: Opcode
    immediate: bytes
    constants: tuple[int | None, ...]
    is_test: bool  # gives 1 or 0: whether the result is not zero


def module_of(cases: list[Case]) -> bytes:
    """One module with all the cases, which have the same opcode and immediate."""
    text = f'(module (memory (export "memory") 1) {DIRTY}\n' + "\n".join(c.text for c in cases) + ")"
    first, *rest = cases[0].opcode.code
    opcode = bytes([first]) + b"".join(map(unsigned, rest)) + cases[0].immediate
    return _with_opcode(wat_to_wasm(text), opcode)


def _with_opcode(wasm: bytes, opcode: bytes) -> bytes:
    reader = Reader(wasm, 8)
    out = [wasm[:8]]
    while not reader.is_done:
        number, content = reader.byte(), reader.take(reader.unsigned())
        if number == _CODE_SECTION:
            content = _with_opcode_in_bodies(content, opcode)
        out.append(bytes([number]) + unsigned(len(content)) + content)
    return b"".join(out)


_CODE_SECTION = 10


def _with_opcode_in_bodies(section: bytes, opcode: bytes) -> bytes:
    assert _MARK_BYTES in section
    reader = Reader(section)
    count = reader.unsigned()
    bodies = [reader.take(reader.unsigned()).replace(_MARK_BYTES, opcode) for _ in range(count)]
    return unsigned(count) + b"".join(unsigned(len(body)) + body for body in bodies)


def cases_of(opcode: Opcode, immediate: bytes, constants: dict[str, list[int]]) -> Iterator[Case]:
    """Every way of arrival, with every end that fits the result."""
    kinds = [p.type for p in opcode.params]
    result = opcode.results[0].type
    for ways in itertools.product(WAYS, repeat=len(kinds)):
        for end in ENDS:
            if end in _TESTS and result != "i32":
                continue
            if end == "over_first" and kinds[0] != result or end == "over_last" and kinds[-1] != result:
                continue
            choices = [
                constants[k] if way == "constant" else [None] for k, way in zip(kinds, ways, strict=True)
            ]
            # Constants rotate through the ends, so that each meets each way of the other operand.
            chosen = list(itertools.product(*choices))
            for values in chosen[ENDS.index(end) % 3 :: 3] if len(chosen) > 3 else chosen:
                yield _case(opcode, immediate, ways, end, values)


def _case(
    opcode: Opcode, immediate: bytes, ways: tuple[str, ...], end: str, values: tuple[int | None, ...]
) -> Case:
    kinds = [p.type for p in opcode.params]
    result = opcode.results[0].type
    name = f"{opcode.name} {' '.join(ways)} -> {end} {list(values)}"
    params = "".join(f"(param $p{i} {k})" for i, k in enumerate(kinds))
    setup, operands = [], []
    for i, (kind, way, value) in enumerate(zip(kinds, ways, values, strict=True)):
        before, code = _arrive(i, kind, way, value)
        setup.append(before)
        operands.append(code)
    is_test = end in _TESTS
    crowd = _CROWD if "frame" in (*ways, end) else ""
    arguments = "".join(f"(local.get {i})" for i in range(len(kinds)))
    text = f"""(func (export "{name}") {params} (result {"i32" if is_test else result})
    (call $dirty (i64.const -1)) (call ${_id(name)} {arguments}))
  (func ${_id(name)} {params} (result {"i32" if is_test else result})
    (local $z i32) (local $at i32) (local $r {result}) {_CROWD_LOCALS if crowd else ""}
    (local.set $at (i32.const 512)) {crowd} {" ".join(setup)}
    {"(i32.const 1) (i32.const 0)" if end == "select" else ""} {" ".join(operands)} {_MARK} {_finish(end, len(kinds))})"""
    return Case(name, text, opcode, immediate, values, is_test)


def _id(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name)


# More locals than registers, all used more often than the operands, which therefore stay in the frame.
_INTS, _FLOATS = range(9), range(13)
_CROWD_LOCALS = "".join(f"(local $i{n} i64)" for n in _INTS) + "".join(f"(local $f{n} f64)" for n in _FLOATS)
_CROWD = (
    "(loop "
    + "".join(f"(local.set $i{n} (local.get $i{n}))" for n in _INTS)
    + "".join(f"(local.set $f{n} (local.get $f{n}))" for n in _FLOATS)
    + ")"
)


def _arrive(i: int, kind: str, way: str, value: int | None) -> tuple[str, str]:
    """The code that comes before, and the operand itself."""
    at = 512 + 16 * i
    get = f"(local.get $p{i})"
    if way in ("pinned", "frame"):
        return "", get
    if way == "constant":
        assert value is not None
        return "", constant_text(kind, value)
    if way == "memory":
        return (
            f"({kind}.store offset={at - 512} (local.get $at) {get})",
            f"({kind}.load offset={at - 512} (local.get $at))",
        )
    if way == "temporary":
        return "", _temporary(kind, get)
    # Spilled before a block, into a slot that held a wider value.
    dirty = f"{_DIRTY_VECTOR if kind == 'v128' else _DIRTY_WORD} (block) drop"
    return "", f"{dirty} {_temporary(kind, get)} (block)"


_DIRTY_WORD = "(i64.or (i64.const -1) (i64.extend_i32_u (local.get $z)))"
_DIRTY_VECTOR = "(v128.not (i32x4.splat (local.get $z)))"


def _temporary(kind: str, get: str) -> str:
    if kind == "v128":
        return f"(v128.or {get} (i32x4.splat (local.get $z)))"
    if kind == "i32":
        return f"(i32.or {get} (local.get $z))"
    if kind == "i64":
        return f"(i64.or {get} (i64.extend_i32_u (local.get $z)))"
    wide = {"f32": "i32", "f64": "i64"}[kind]
    return f"({kind}.reinterpret_{wide} {_temporary(wide, f'({wide}.reinterpret_{kind} {get})')})"


def constant_text(kind: str, bits: int) -> str:
    """The `const` instruction with exactly these bits."""
    if kind == "v128":
        return f"(v128.const i64x2 {bits & (1 << 64) - 1:#x} {bits >> 64:#x})"
    if kind in ("i32", "i64"):
        return f"({kind}.const {bits:#x})"
    exponent_bits, mantissa_bits = (8, 23) if kind == "f32" else (11, 52)
    mantissa = bits & ((1 << mantissa_bits) - 1)
    exponent = bits >> mantissa_bits & ((1 << exponent_bits) - 1)
    sign = "-" if bits >> (exponent_bits + mantissa_bits) else ""
    bias = (1 << (exponent_bits - 1)) - 1
    if exponent == (1 << exponent_bits) - 1:
        return f"({kind}.const {sign}{f'nan:{mantissa:#x}' if mantissa else 'inf'})"
    whole = (1 << mantissa_bits | mantissa) if exponent else mantissa
    return f"({kind}.const {sign}{whole:#x}p{max(exponent, 1) - bias - mantissa_bits})"


def _finish(end: str, count: int) -> str:
    return {
        "stack": "",
        "pinned": "local.set $r (local.get $r)",
        "frame": "local.set $r (local.get $r)",
        "over_first": "local.tee $p0",
        "over_last": f"local.set $p{count - 1} (local.get $p{count - 1})",
        "if": "if (result i32) (i32.const 1) else (i32.const 0) end",
        "br_if_not": "i32.eqz if (return (i32.const 0)) end (i32.const 1)",
        "select": "select",
        "eqz_eqz": "i32.eqz i32.eqz",
    }[end]


def size_of(kind: str) -> int:
    """The size of a value type in bytes."""
    return 8 if ValType[kind.upper()] in (ValType.I64, ValType.F64) else 4
