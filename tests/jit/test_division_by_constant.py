"""Division and remainder by constants: shifts and multiplications give what the divide instruction gives."""

from __future__ import annotations

import random

import linocut
import pytest
from linocut.text.wat import wat_to_wasm

pytest.importorskip("wasmtime")
pytest.importorskip("capstone", reason="the instructions are looked at")

from linocut.inspecting.listing.listing import Listing
from twins import agree

OPCODES = ["div_s", "div_u", "rem_s", "rem_u"]
BITS = {"i32": 32, "i64": 64}


def edges(bits: int) -> list[int]:
    """Unsigned numbers: small ones, those around powers of two, around their inverses, and random ones."""
    chooser = random.Random(bits)
    small = [*range(18), 25, 60, 100, 125, 641, 1000, 10_000, 1_000_003, 1_000_000_007]
    powers = [(1 << n) + d for n in range(2, bits) for d in (-1, 0, 1)]
    inverses = [((1 << bits) // n) + d for n in (3, 5, 7, 10, 641) for d in (-1, 0, 1)]
    others = [chooser.getrandbits(chooser.randint(1, bits)) for _ in range(40)]
    found = [*small, *powers, *inverses, *others]
    mask = (1 << bits) - 1
    return list(dict.fromkeys(n & mask for n in [*found, *(-n for n in found)]))


def signed(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def expected(opcode: str, a: int, b: int, bits: int) -> int | str:
    """What the specification says, as a signed number or the kind of trap."""
    if b == 0:
        return "integer_divide_by_zero"
    if opcode.endswith("_s"):
        a, b = signed(a, bits), signed(b, bits)
        if opcode == "div_s" and a == -(1 << (bits - 1)) and b == -1:
            return "integer_overflow"
    quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    return signed(quotient if opcode.startswith("div") else a - b * quotient, bits)


@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
@pytest.mark.parametrize("opcode", OPCODES)
@pytest.mark.parametrize("type_", BITS)
def test_every_edge_by_every_edge(type_: str, opcode: str, interpret: bool) -> None:
    bits = BITS[type_]
    divisors = edges(bits)
    functions = " ".join(
        f'(func (export "{n}") (param {type_}) (result {type_}) '
        f"({type_}.{opcode} (local.get 0) ({type_}.const {divisor})))"
        for n, divisor in enumerate(divisors)
    )
    exports = linocut.load(wat_to_wasm(f"(module {functions})"), interpret=interpret).instantiate().exports
    chooser = random.Random(opcode)
    dividends = edges(bits)
    for n, divisor in enumerate(divisors):
        near = [divisor - 1, divisor, divisor + 1, 2 * divisor, 2 * divisor - 1, -divisor, 1 - divisor]
        # A multiplier that is too small or large by 1 shows at the largest multiples of the divisor first.
        most = [limit // (divisor or 1) * divisor for limit in ((1 << bits) - 1, (1 << (bits - 1)) - 1)]
        far = [sign * (multiple + d) for multiple in most for d in (-1, 0, 1) for sign in (1, -1)]
        for dividend in [*chooser.sample(dividends, 40), *near, *far, 0, 1 << (bits - 1), -1]:
            a = dividend & ((1 << bits) - 1)
            try:
                got = exports[str(n)](signed(a, bits))
            except linocut.Trap as trap:
                got = trap.kind
            assert got == expected(opcode, a, divisor, bits), (a, divisor)


@pytest.mark.parametrize("type_", BITS)
@pytest.mark.parametrize("opcode", OPCODES)
@pytest.mark.parametrize("divisor", [1, 2, 8, 7, 10, -1, -2, -10, 1_000_003])
def test_wherever_the_dividend_is(type_: str, opcode: str, divisor: int) -> None:
    """The dividend is a parameter, a local in the frame, a result, a load or a constant, also above
    temporaries."""
    operation = f"({type_}.const {divisor}) ({type_}.{opcode})"
    ways = [
        f"(local.get 0) {operation}",
        f"(local.get 12) {operation}",
        f"({type_}.add (local.get 0) (local.get 1)) {operation}",
        f"({type_}.load (i32.const 8)) {operation}",
        f"({type_}.const 123456789) {operation}",
        f"({type_}.mul (local.get 0) (local.get 1)) ({type_}.xor (local.get 0) (local.get 1)) {operation} ({type_}.sub)",
        f"(local.get 0) {operation} (local.set 0) (local.get 0) {operation} (local.tee 1) (local.get 0) ({type_}.add)",
        " ".join(f"({type_}.add (local.get {n}) (local.get 0))" for n in range(4))
        + f" (local.get 1) {operation} "
        + f"({type_}.xor) " * 4,
    ]
    touch = " ".join(f"(local.set {n} (local.get {n % 2}))" for n in range(2, 13))
    again = " ".join(f"(local.set 2 ({type_}.add (local.get 2) (local.get {n})))" for n in range(3, 13))
    text = " ".join(
        f"""(func (export "f{n}") (param {type_} {type_}) (result {type_}) (local {f"{type_} " * 11})
          ({type_}.store (i32.const 8) (local.get 0)) {touch} {way} {again} (local.get 2) ({type_}.add))"""
        for n, way in enumerate(ways)
    )
    numbers = [0, 1, -1, 7, -8, 1000, 123456, -(2**31), 2**31 - 1]
    calls = [(f"f{n}", a, b) for n in range(len(ways)) for a in numbers for b in (0, 3, -5)]
    agree(f"(module (memory 1) {text})", calls)


def test_an_i32_may_have_anything_above_it() -> None:
    text = """(module (func (export "f") (param i64 i32) (result i32 i32 i32 i32)
      (i32.div_u (i32.wrap_i64 (local.get 0)) (i32.const 10))
      (i32.div_s (i32.wrap_i64 (i64.add (local.get 0) (i64.const 1))) (i32.const 10))
      (i32.rem_u (i32.wrap_i64 (i64.rotl (local.get 0) (i64.const 7))) (i32.const 10))
      (i32.rem_s (i32.wrap_i64 (local.get 0)) (i32.const 8))))"""
    agree(text, [("f", n, 0) for n in (0, -1, 0x123456789ABCDEF, -0x7EDCBA9876543210, (1 << 63) - 1)])


@pytest.mark.parametrize("type_", BITS)
@pytest.mark.parametrize("opcode", OPCODES)
@pytest.mark.parametrize(
    ("divisor", "divides"), [(10, False), (-10, False), (16, False), (1, False), (0, True)]
)
def test_only_what_may_trap_divides(type_: str, opcode: str, divisor: int, divides: bool) -> None:
    text = f"""(module (func (param {type_}) (result {type_})
      ({type_}.{opcode} (local.get 0) ({type_}.const {divisor}))))"""
    listing = Listing.of(linocut.load(wat_to_wasm(text)), 0)
    lines = [line.machine.text for s in listing.sections for p in s.pieces for line in p.code]
    assert any(line.startswith(("div", "idiv")) for line in lines) == divides
