"""An address in a local is compared with the memory's size once, and again when it may have changed since."""

from __future__ import annotations

import linocut
import pytest
from linocut.text.wat import wat_to_wasm

pytest.importorskip("wasmtime")

from little_space import run_in_little_space

pytest.importorskip("capstone", reason="what is compared is seen in the machine code")

from linocut.inspecting.listing.listing import Listing

# What may happen between two loads at $p; it makes $p equal to $q if $c is 1.
CHANGES = {
    "a set": "(local.set $p (select (local.get $q) (local.get $p) (local.get $c)))",
    "a tee": "(drop (local.tee $p (select (local.get $q) (local.get $p) (local.get $c))))",
    "a sum": "(local.set $p (A.add (local.get $p) (A.mul (local.get $d) (EXTEND (local.get $c)))))",
    "a load": """(A.store (A.const 8) (select (local.get $q) (local.get $p) (local.get $c)))
      (local.set $p (A.load (A.const 8)))""",
    "a constant": "(if (local.get $c) (then (local.set $p (A.const FAR))))",
    "the other arm": "(if (i32.eqz (local.get $c)) (then) (else (local.set $p (local.get $q))))",
    "a block that is left": "(block (br_if 0 (i32.eqz (local.get $c))) (local.set $p (local.get $q)) (br 0))",
    "a block's result": "(local.set $p (block (result A) (br_if 0 (local.get $p) (i32.eqz (local.get $c))) (drop) (local.get $q)))",
    "a loop": "(loop (if (local.get $c) (then (local.set $p (local.get $q)))))",
    "a call's result": "(local.set $p (call $choose (local.get $p) (local.get $q) (local.get $c)))",
    "a catch": """(block $caught (try_table (catch_all $caught) (if (local.get $c) (then
      (local.set $p (local.get $q)) (throw $tag)))))""",
    "long code": "(local.set $p (select (local.get $q) (local.get $p) (local.get $c)))" + "(local.set $n (i32.const 7))" * 200,
    "other locals": "(local.set $n (i32.const 0)) (local.set $p (select (local.get $q) (local.get $p) (local.get $c)))",
}  # fmt: skip
# The load at $p in `{}` happens only if $c is 0, the one behind it always.
PATHS = {
    "one arm": "(if (i32.eqz (local.get $c)) (then {}))",
    "the other arm": "(if (local.get $c) (then) (else {}))",
    "a block that is left": "(block (br_if 0 (local.get $c)) {})",
    "a table of labels": "(block (block (br_table 0 1 (local.get $c))) {})",
    "a loop's start": """(local.set $n (i32.const 2)) (loop $again
      (block (br_if 0 (local.get $c)) {}) (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))""",
    "a try": "(block $caught (try_table (catch_all $caught) (if (local.get $c) (then (throw $tag))) {}))",
}


def module_of(a: str, body: str) -> bytes:
    """A module whose `f` takes two addresses, their difference and which of the two is to count."""
    far = 2**40 if a == "i64" else 0x7FFF0000
    body = body.replace("EXTEND", "i64.extend_i32_u" if a == "i64" else "i32.or (i32.const 0)")
    text = f"""(module (memory A 1) (tag $tag)
      (func $choose (param A A i32) (result A) (select (local.get 1) (local.get 0) (local.get 2)))
      (func (export "f") (param $p A) (param $q A) (param $d A) (param $c i32) (result i32) (local $n i32) {body}))"""
    return wat_to_wasm(text.replace("FAR", str(far)).replace("A", a))


def outcome(module: linocut.Module, p: int, q: int, c: int) -> str:
    try:
        return str(module.instantiate().exports.f(p, q, q - p, c))
    except linocut.Trap as trap:
        return trap.kind


def check_change(name: str, a: str) -> None:
    load = "(i32.load offset={} (local.get $p))"
    body = f"(drop {load.format(0)}) {CHANGES[name]} {load.format(4)}"
    module, far = linocut.load(module_of(a, body)), 2**40 if a == "i64" else 0x7FFF0000
    assert outcome(module, 64, 128, 0) == outcome(module, 64, far, 0) == "0"
    assert outcome(module, 64, 128, 1) == "0" or "FAR" in CHANGES[name]
    assert outcome(module, 64, far, 1) == "out_of_bounds_memory"


def check_path(name: str, a: str) -> None:
    body = PATHS[name].format("(drop (i32.load (local.get $p)))") + "(i32.load offset=4 (local.get $p))"
    module, far = linocut.load(module_of(a, body)), 2**40 if a == "i64" else 0x7FFF0000
    assert outcome(module, 64, 0, 0) == outcome(module, 64, 0, 1) == "0"
    assert outcome(module, far, 0, 1) == outcome(module, far, 0, 0) == "out_of_bounds_memory"


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_between_two_accesses(name: str) -> None:
    check_change(name, "i64")


@pytest.mark.parametrize("name", PATHS)
def test_where_paths_meet(name: str) -> None:
    check_path(name, "i64")


def function_of(code: str) -> linocut.Func:
    """(param i64 i32) (result i32) with this hexadecimal code; its module has a 64-bit memory and a tag."""
    body = b"\0" + bytes.fromhex(code)
    wasm = (
        b"\0asm\1\0\0\0" + b"\1\x0a\2\x60\0\0\x60\2\x7e\x7f\1\x7f" + b"\3\2\1\1" + b"\5\3\1\4\1" + b"\x0d\3\1\0\0"
        + b"\7\5\1\1f\0\0" + bytes([10, len(body) + 2, 1, len(body)]) + body
    )  # fmt: skip
    return linocut.load(wasm).instantiate().exports.f


LOAD, NOT_ZERO = "20 00 28 02 00", "20 01 04 40"


@pytest.mark.parametrize(
    "code",
    [
        f"06 40 {NOT_ZERO} 08 00 0b {LOAD} 1a 19 0b {LOAD} 0b",  # behind a catch_all
        f"06 40 {NOT_ZERO} 08 00 0b {LOAD} 1a 07 00 {LOAD} 1a 0b {LOAD} 0b",  # in a catch
    ],
)
def test_where_paths_meet_behind_a_legacy_try(code: str) -> None:
    f = function_of(code)
    assert (f(64, 0), f(64, 1)) == (0, 0)
    for c in (0, 1):
        with pytest.raises(linocut.Trap, match="out of bounds memory access"):
            f(2**40, c)


@pytest.mark.parametrize("index", ["00", "80 00", "80 80 80 80 00"])
@pytest.mark.parametrize("opcode", ["21 {}", "22 {} 1a"])
def test_a_write_however_long_its_index(opcode: str, index: str) -> None:
    f = function_of(f"{LOAD} 1a 20 01 ad 42 20 86 {opcode.format(index)} {LOAD} 0b")  # parameter 1 << 32
    assert f(64, 0) == 0
    with pytest.raises(linocut.Trap, match="out of bounds memory access"):
        f(64, 256)


def test_the_next_argument_of_an_inlined_function_is_another_address() -> None:
    text = """(module (memory i64 1)
      (func $peek (param i64) (result i32)
        (i32.add (i32.load8_u offset=9 (local.get 0)) (i32.load (local.get 0))))
      (func (export "f") (param i64 i64) (result i32)
        (drop (call $peek (i64.add (local.get 0) (i64.const 1))))
        (call $peek (i64.add (local.get 1) (i64.const 1)))))"""
    f = linocut.load(text).instantiate().exports.f
    assert f(0, 64) == 0
    for wrong in (65536, 2**40):
        with pytest.raises(linocut.Trap, match="out of bounds memory access"):
            f(0, wrong)


def test_what_an_inlined_function_compares_is_compared() -> None:
    """Behind it the caller's own local has been, and its write is seen, too."""
    text = """(module (memory i64 1)
      (func $peek (param i64) (result i64) (i64.load (local.get 0)))
      (func (export "f") (param i64 i64) (result i64)
        (drop (call $peek (local.get 0)))
        (local.set 0 (call $peek (i64.const 8)))
        (i64.load (i64.add (local.get 1) (local.get 0)))))"""
    exports = linocut.load(text).instantiate().exports
    assert exports.f(0, 8) == 0
    with pytest.raises(linocut.Trap, match="out of bounds memory access"):
        exports.f(0, 2**40)


def comparisons(body: str) -> int:
    """How many comparisons with the memory's size the machine code of `f` has."""
    module = linocut.load(module_of("i64", body), interpret=False)
    pieces = [piece for section in Listing.of(module, 1).sections for piece in section.pieces]
    texts = [line.machine.text for piece in pieces for line in piece.code]
    return sum(text.startswith("cmp") and "[r13 - 0x30]" in text for text in texts)


LOADS = "(drop (i32.load (local.get $p))) (drop (i32.load8_u offset=99 (local.get $p)))"


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("body", "count"),
    [
        (LOADS, 1),
        (f"{LOADS} {LOADS} (drop (i32.load (local.get $q))) {LOADS}", 2),
        (f"{LOADS} (if (local.get $c) (then {LOADS}))", 1),
        (f"{LOADS} (drop (call $choose (local.get $p) (local.get $q) (local.get $c))) {LOADS}", 1),
        (f"{LOADS} (block {LOADS} (br_if 0 (local.get $c)) {LOADS})", 1),
        (f"{LOADS} (block (br_if 0 (local.get $c))) {LOADS}", 2),
        (f"{LOADS} (local.set $p (local.get $q)) {LOADS}", 2),
        ("(drop (i32.load (A.const 65532)))", 0),
        ("(drop (i32.load (A.const 65533)))", 1),
    ],
)
def test_how_often_it_is_compared(body: str, count: int) -> None:
    assert comparisons(f"{body} (i32.const 0)") == count


def test_with_explicit_bounds() -> None:
    # Where address space is scarce 32-bit addresses are compared, too (core/runtime/reservation.cpp).
    script = (
        "import test_checked_addresses as t\n"
        "for name in t.CHANGES: t.check_change(name, 'i32'), t.check_change(name, 'i64')\n"
        "for name in t.PATHS: t.check_path(name, 'i32'), t.check_path(name, 'i64')\n"
    )
    run_in_little_space(script, __file__)
