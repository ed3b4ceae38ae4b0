"""Vectors in compiled code: shuffles, constants, spills, labels, accesses at the edge of memory."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

import linocut
import pytest

pytest.importorskip("wasmtime")

from linocut.text.wat import wat_to_wasm
from little_space import run_in_little_space
from twins import agree

from linocut_isa import Opcode, supported

if TYPE_CHECKING:
    from collections.abc import Iterable

both_ways = pytest.mark.usefixtures("both_ways")

# Two vectors whose bytes all differ, in memory, where the compiler does not know them.
A, B = "(v128.load (local.get 0))", "(v128.load offset=16 (local.get 0))"
_BYTES = "".join(f"\\{byte:02x}" for byte in range(0x40, 0x60))
MEMORY = f'(memory 1) (data (i32.const 64) "{_BYTES}")'
HALVES = "(i64x2.extract_lane 0 (local.get 1)) (i64x2.extract_lane 1 (local.get 1))"


def halves(name: str, vector: str, locals: str = "") -> str:
    """A function that computes a vector and gives its two halves."""
    return f"""(func (export "{name}") (param i32) (result i64 i64) (local v128) {locals}
      (local.set 1 {vector}) {HALVES})"""


def agree_on(vectors: Iterable[str], before: str = "") -> None:
    functions = [halves(f"f{n}", vector) for n, vector in enumerate(vectors)]
    agree(f"(module {MEMORY} {before} {' '.join(functions)})", [(f"f{n}", 64) for n in range(len(functions))])


# ── shuffles ─────────────────────────────────────────────────────────────────
def unpacked(bytes: int, high: bool) -> list[int]:
    """The lanes of a shuffle that takes elements of `bytes` bytes from one half of both vectors in turn."""
    first = 8 if high else 0
    starts = [first + at + side for at in range(0, 8, bytes) for side in (0, 16)]
    return [start + at for start in starts for at in range(bytes)]


def swapped(lanes: list[int]) -> list[int]:
    return [lane ^ 16 for lane in lanes]


def elements(bytes: int, chosen: Iterable[int]) -> list[int]:
    return [bytes * element + at for element in chosen for at in range(bytes)]


ONE_INSTRUCTION = {
    **{
        f"punpck{'lh'[high]}{name}": unpacked(bytes, high)
        for high in (False, True)
        for bytes, name in ((1, "bw"), (2, "wd"), (4, "dq"), (8, "qdq"))
    },
    **{f"palignr by {n}": list(range(n, n + 16)) for n in range(1, 16) if n != 8},
    "pblendw": elements(2, [0, 9, 2, 11, 12, 5, 6, 15]),
    "shufps": elements(4, [3, 1, 6, 4]),
    "pshufd": elements(4, [2, 2, 0, 3]),
    "pshufb": [3, 3, 3, 3, 0, 1, 2, 15, 14, 13, 12, 11, 5, 5, 7, 8],
}


def code_of(wasm: bytes) -> str:
    from linocut.inspecting.listing.listing import Listing

    pytest.importorskip("capstone")
    pieces = [p for section in Listing.of(linocut.load(wasm), 0).sections for p in section.pieces]
    return "\n".join(line.machine.text for piece in pieces for line in piece.code)


@pytest.mark.compiled
@pytest.mark.parametrize("name", ONE_INSTRUCTION)
@pytest.mark.parametrize("swap", [False, True])
def test_a_shuffle_that_is_one_instruction(name: str, swap: bool) -> None:
    lanes = swapped(ONE_INSTRUCTION[name]) if swap else ONE_INSTRUCTION[name]
    text = f"(i8x16.shuffle {' '.join(map(str, lanes))} {A} {B})"
    agree_on([text])
    code = code_of(wat_to_wasm(f"(module {MEMORY} {halves('f', text)})"))
    assert name.split()[0] in code
    assert "por" not in code


def some_shuffles() -> Iterable[list[int]]:
    rng = random.Random(16)
    for lanes in ONE_INSTRUCTION.values():
        yield lanes
        yield swapped(lanes)
        torn = list(lanes)
        torn[rng.randrange(16)] = rng.randrange(32)  # the pattern with one lane changed
        yield torn
    for _ in range(100):
        yield [rng.randrange(32) for _ in range(16)]
        yield elements(rng.choice((2, 4, 8)), [rng.randrange(8) % 4 for _ in range(16)])[:16]
        yield [rng.randrange(16) + 16 * (rng.random() < 0.1) for _ in range(16)]


@both_ways
@pytest.mark.parametrize("operands", [f"{A} {B}", f"{B} {A}", f"(local.tee 1 {A}) (local.get 1)"])
def test_shuffles(operands: str) -> None:
    agree_on(f"(i8x16.shuffle {' '.join(map(str, lanes))} {operands})" for lanes in some_shuffles())


@both_ways
def test_shuffles_of_what_is_no_register() -> None:
    """Shuffles of constants, of vectors in slots, and of a local that the result goes to."""
    lanes = list(itertools.islice(some_shuffles(), 0, 60, 3))
    constant = "(v128.const i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c)"
    six = " ".join(f"(i8x16.add {A} (i8x16.splat (i32.const {n})))" for n in range(6))
    xors = "v128.xor " * 6
    vectors = []
    for lane in lanes:
        shuffle = f"(i8x16.shuffle {' '.join(map(str, lane))}"
        vectors += [f"{shuffle} {constant} {A})", f"{shuffle} {A} {constant})"]
        vectors += [f"(block (result v128) {six} {shuffle} {B} {A}) {xors})"]
        vectors += [f"(block (result v128) (local.set 1 {A}) {shuffle} {B} (local.get 1)))"]
    agree_on(vectors)


# ── constants ────────────────────────────────────────────────────────────────
CONSTANTS = ["0 0", "-1 -1", "0 1", "1 0", "-1 0", "0x7fffffff 5", "0x123456789abcdef -2"]


@both_ways
@pytest.mark.parametrize("halves", CONSTANTS)
def test_constants(halves: str) -> None:
    constant = f"(v128.const i64x2 {halves})"
    agree_on(
        [
            constant,
            f"(i32x4.add {A} {constant})",
            f"(i32x4.sub {constant} {A})",
            f"(i32x4.eq {constant} {A})",
            f"(f32x4.lt {A} {constant})",
            f"(select {constant} {A} (local.get 0))",
            f"(block (result v128) {constant} (br_if 0 (local.get 0)) drop {A})",
            f"{constant} (block) (v128.xor {A})",  # it stays a constant across the block
            f"{constant} {constant} (loop (param v128) (result v128)) (i8x16.sub)",
            f"(call $many {' '.join([constant] * 9)})",
        ],
        f"(func $many (param {'v128 ' * 9}) (result v128) (i8x16.add (local.get 8) (local.get 0)))",
    )


def test_equal_constants_are_there_once() -> None:
    constants = ["v128.const i64x2 5 6", "v128.const i64x2 5 6", "v128.const i64x2 7 8"]
    xors = [halves(f"f{n}", f"(v128.xor (v128.xor {A} ({a})) ({b}))") for n, (a, b) in enumerate(
        itertools.pairwise(constants)
    )]  # fmt: skip
    sizes = [len(linocut.load(wat_to_wasm(f"(module {MEMORY} {f})"))._code.listing(0).bytes) for f in xors]
    assert sizes[1] - sizes[0] == 16


def test_many_constants_take_linear_time() -> None:
    """Each constant is looked for among the others, which must not take longer the more there are."""

    def module(count: int) -> bytes:
        constants = b"".join(
            b"\xfd\x0c" + n.to_bytes(8, "little") + b"\x01" * 8 + b"\xfd\x51" for n in range(1, count)
        )
        body = b"\0\xfd\x0c" + bytes(16) + constants + b"\xfd\x1d\0\x0b"
        return (
            b"\0asm\1\0\0\0\1\5\1\x60\0\1\x7e\3\2\1\0\7\5\1\1f\0\0\x0a"
            + leb(len(body) + 1 + len(leb(len(body)))) + b"\1" + leb(len(body)) + body
        )  # fmt: skip

    expected = 0
    for n in range(1, 40_000):
        expected ^= n
    assert linocut.load(module(40_000)).instantiate().exports.f() == expected


def leb(number: int) -> bytes:
    digits = []
    while number >= 0x80:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*digits, number])


# ── locals, spills, calls ────────────────────────────────────────────────────
def sums(count: int) -> str:
    """A sum of `count` vectors that are alive at once, each computed from the address."""
    each = " ".join(
        f"(i32x4.mul {A} (i32x4.splat (i32.add (local.get 0) (i32.const {n}))))" for n in range(count)
    )
    return each + " i32x4.sub" * (count - 1)


@both_ways
@pytest.mark.parametrize("count", [2, 4, 5, 12, 40])
def test_operands_beyond_the_registers(count: int) -> None:
    agree_on([sums(count), f"(block (result v128) {sums(count)})"])


@both_ways
@pytest.mark.parametrize("count", [3, 11, 12, 13, 40])
def test_locals_beyond_the_registers(count: int) -> None:
    """As many floats stand beside them, which have registers of the same class."""
    first = 2
    vectors = range(first, first + count)
    sets = " ".join(f"(local.set {n} (i32x4.add {A} (i32x4.splat (i32.const {n}))))" for n in vectors)
    floats = " ".join(f"(local.set {n + count} (f64.const {n}.5))" for n in vectors)
    total = " ".join(f"(v128.xor (i32x4.mul (local.get {n}) (i32x4.splat (i32.const {n}))))" for n in vectors)
    rest = " ".join(f"(v128.xor (f64x2.splat (local.get {n + count})))" for n in vectors)
    body = f"(block (result v128) {sets} {floats} (call $clobber) {A} {total} {rest})"
    function = f"""(func (export "f") (param i32) (result i64 i64) (local v128) (local {"v128 " * count})
      (local {"f64 " * count}) (local.set 1 {body}) {HALVES})"""
    clobber = f"(func $clobber (local {'v128 ' * 14}) " + " ".join(
        f"(local.set {n} (v128.const i64x2 -1 -1)) (drop (v128.any_true (local.get {n})))" for n in range(14)
    ) + ")"  # fmt: skip
    agree(f"(module {MEMORY} {clobber} {function})", [("f", 64)])


@both_ways
def test_recursion_keeps_vectors() -> None:
    text = f"""(module {MEMORY}
      (func $deep (param i32 i32 v128) (result v128) (local v128)
        (local.set 3 (i32x4.add (local.get 2) (i32x4.splat (local.get 1))))
        (if (local.get 1)
          (then (local.set 3 (v128.xor (local.get 3)
            (call $deep (local.get 0) (i32.sub (local.get 1) (i32.const 1)) (local.get 3))))))
        (i32x4.mul (local.get 3) (local.get 2)))
      {halves("f", f"(call $deep (local.get 0) (i32.const 100) {A})")})"""
    agree(text, [("f", 64)])


@pytest.mark.compiled
def test_a_caller_keeps_its_vectors_whatever_module_it_calls() -> None:
    """The callee has only floats, but saves the whole of each register that it uses."""
    floats = " ".join(f"(local.set {n} (f64.add (local.get {n - 1}) (f64.const 1)))" for n in range(2, 13))
    callee = linocut.load(wat_to_wasm(
        f'(module (func (export "g") (param f64) (result f64) (local {"f64 " * 12}) {floats} (local.get 12)))'
    )).instantiate()  # fmt: skip
    sets = " ".join(f"(local.set {n} (i64x2.splat (i64.const {n})))" for n in range(12))
    total = " ".join(f"(v128.xor (local.get {n}))" for n in range(1, 12))
    caller = linocut.load(wat_to_wasm(f"""(module (import "m" "g" (func $g (param f64) (result f64)))
      (func (export "f") (result v128) (local {"v128 " * 12}) {sets} (drop (call $g (f64.const 1)))
        (local.get 0) {total}))""")).instantiate({"m": callee.exports})  # fmt: skip
    assert caller.exports.f() == bytes(16)


# ── labels ───────────────────────────────────────────────────────────────────
C = "(v128.const i32x4 1 2 3 4)"
LABELS = {
    "br_table": f"""(block $c (result v128) (block $b (result v128) (block $a (result v128)
      {A} (br_table $a $b $c (i32.and (local.get $n) (i32.const 3)))) (i32x4.add {C})) (i32x4.mul {C}))""",
    "several results": f"""(block (result v128 i32 v128) {A} (i32.const 7) {B} (br_if 0 (local.get $n))
      (drop) (drop) (drop) {B} (i32.const 9) {A})
      (local.set $x) (i32x4.splat) (v128.xor (local.get $x)) (v128.xor)""",
    "loop with parameters": f"""{A} {B} (loop $l (param v128 v128) (result v128)
      (i32x4.add {C}) (local.set $x) (local.tee $y) (local.get $x)
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $l (i32.gt_s (local.get $n) (i32.const 0))) (i32x4.sub))""",
    "if": f"(if (result v128) (local.get $n) (then {A}) (else (i32x4.mul {B} {C})))",
    "if that changes a parameter": f"{A} (if (param v128) (result v128) (local.get $n) (then (i32x4.add {B})))",
    "select": f"(select (result v128) {A} {B} (local.get $n)) (select {C} (local.get $n))",
    "tee": f"(v128.xor (local.tee $x {A}) (i32x4.add (local.tee $x (i32x4.neg (local.get $x))) {B}))",
}


@both_ways
@pytest.mark.parametrize("name", LABELS)
def test_labels(name: str) -> None:
    text = f"""(module {MEMORY} (func (export "f") (param i32) (param $n i32) (result i64 i64)
      (local $x v128) (local $y v128) {LABELS[name]} (local.set $x)
      (i64x2.extract_lane 0 (local.get $x)) (i64x2.extract_lane 1 (local.get $x))))"""
    agree(text, [("f", 64, n) for n in range(5)])


# ── memory ───────────────────────────────────────────────────────────────────
LOADS = [row for row in supported() if row.code[0] == 0xFD and row.is_access and row.results]
STORES = [row for row in supported() if row.code[0] == 0xFD and row.is_access and not row.results]
OFFSETS = ["", "offset=1", "offset=65520", "offset=65535", "offset=2147483647", "offset=4294967295"]
ADDRESSES = [0, 64, 65520, 65528, 65535, 65536, 0x7FFFFFFF, 0xFFFFFFFF]


def with_long_addresses(text: str) -> str:
    """The same module with a memory that has 64-bit addresses."""
    text = text.replace("(memory 1) (data (i32.const", "(memory i64 1) (data (i64.const").replace(
        "(param i32)", "(param i64)"
    )
    return text.replace("(i32.const 65520)", "(i64.const 65520)").replace("(i32.const 65528)", "(i64.const 65528)").replace(
        "(i32.const 64)", "(i64.const 64)")  # fmt: skip


def accessing(name: str, lane: str, offset: str) -> str:
    """The access at an address that the compiler does not know (`f`) and at one that it knows (`g`)."""
    access = f"({name} {offset} {lane}"
    vector = " (v128.const i64x2 0x1122334455667788 -3)" if lane or ".store" in name else ""
    if ".store" in name:
        read = "(i64.load (i32.const 65520)) (i64.load (i32.const 65528))"
        return f"""(func (export "f") (param i32) (result i64 i64) {access} (local.get 0){vector}) {read})
          (func (export "g") (param i32) (result i64 i64) {access} (i32.const 65520){vector}) {read})"""
    known = halves("g", f"{access} (i32.const 64){vector})")
    return halves("f", f"{access} (local.get 0){vector})") + known


@both_ways
@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("row", [*LOADS, *STORES], ids=lambda row: row.name)
def test_accesses_up_to_the_end_of_memory(row: Opcode, offset: str) -> None:
    check_accesses(row, offset)


@both_ways
@pytest.mark.parametrize("offset", [*OFFSETS, "offset=4294967296", "offset=18446744073709551615"])
@pytest.mark.parametrize("row", [*LOADS, *STORES], ids=lambda row: row.name)
def test_accesses_by_64_bits(row: Opcode, offset: str) -> None:
    calls = [
        (f, address)
        for f in "fg"
        for address in [*ADDRESSES, 2**32 + 64, 2**63, 2**64 - 1, 2**64 - 2**32 + 64]
    ]
    for text in modules_of(row, offset):
        agree(with_long_addresses(text), calls)


def modules_of(row: Opcode, offset: str) -> list[str]:
    lanes = [str(row.lanes - 1), "0"] if "lane" in row.name else [""]
    return [f"(module {MEMORY} {accessing(row.name, lane, offset)})" for lane in lanes]


CALLS = [(f, address) for f in "fg" for address in ADDRESSES]


def check_accesses(row: Opcode, offset: str) -> None:
    """Compare accesses in and out of bounds, at addresses that the compiler knows and that it does not."""
    for text in modules_of(row, offset):
        agree(text, CALLS)


def outcomes() -> list[object]:
    """What linocut gives for each access."""
    found: list[object] = []
    for row, offset in itertools.product([*LOADS, *STORES], ["", "offset=1"]):
        for text in modules_of(row, offset):
            exports = linocut.load(text).instantiate().exports
            for name, address in CALLS:
                try:
                    found.append(exports[name](address))
                except linocut.Trap as trap:
                    found.append(trap.kind)
    return found


def test_the_same_with_explicit_bounds() -> None:
    """Where address space is scarce every access is checked."""
    script = "import test_vector_code as t; print(t.outcomes())"
    assert run_in_little_space(script, __file__) == f"{outcomes()}\n"
