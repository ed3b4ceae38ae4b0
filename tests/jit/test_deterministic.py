"""The deterministic profile: every NaN from arithmetic is canonical, and relaxed rows have one result."""

from __future__ import annotations

import itertools
import os
import pickle
import struct
import subprocess
import sys
import threading

import linocut
import pytest

pytest.importorskip("wasmtime")

import wasmtime
from linocut.text.wat import wat_to_wasm

from linocut_isa import Opcode, supported

INTERPRET = pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
NAN_ROWS = [row for row in supported() if row.nan]
RELAXED = [row for row in supported() if "relaxed" in row.name]
# Floats as bits: NaNs of both signs, quiet and signalling, infinities, zeros, other numbers.
BITS = {
    "f32": [0x7FC00000, 0xFFC00000, 0x7FC00001, 0x7F800001, 0xFFABCDEF, 0x7F800000, 0xFF800000, 0, 1 << 31, 0x3FC00000, 0xC0A00000],
    "f64": [0x7FF8 << 48, 0xFFF8 << 48, (0x7FF8 << 48) + 1, (0x7FF0 << 48) + 1, 0xFFF1234567891234, 0x7FF0 << 48, 0xFFF0 << 48,
            0, 1 << 63, 0x3FF8 << 48, 0xC014 << 48],
}  # fmt: skip
# What gives a NaN that §4.3.3 leaves open, for each type of floats; pmin and pmax give an operand as it is.
ARITHMETIC = "add sub mul div sqrt min max ceil floor trunc nearest".split()
CONVERSIONS = ["f32.demote_f64", "f64.promote_f32", "f32x4.demote_f64x2_zero", "f64x2.promote_low_f32x4"]
CANONICAL = {"f32": 0x7FC00000, "f64": 0x7FF8 << 48}
LANES = {"f32": 4, "f64": 2}


def of_row(row: Opcode) -> bytes:
    """`f` gives the row's result, `local` and `tee` give it by way of a local, `many` gives it five times."""
    params = " ".join(f"(param {operand.type})" for operand in row.params)
    gets = " ".join(f"(local.get {n})" for n in range(len(row.params)))
    type_ = row.results[0].type
    last = len(row.params)
    return wat_to_wasm(f"""(module
      (func (export "f") {params} (result {type_}) ({row.name} {gets}))
      (func (export "local") {params} (result {type_}) (local {type_})
        (local.set {last} ({row.name} {gets})) (local.get {last}))
      (func (export "tee") {params} (result {type_} {type_}) (local {type_})
        (local.tee {last} ({row.name} {gets})) (local.get {last}))
      (func (export "many") {params} (result {" ".join([type_] * 5)})
        {" ".join(f"({row.name} {gets})" for _ in range(5))}))""")


def bits_of(type_: str, n: int, shape: str) -> int:
    """The n-th value of the type as bits; the lanes of a vector differ."""
    if type_ != "v128":
        return BITS[type_][n % len(BITS[type_])]
    lanes = [BITS[shape][(n + lane * (lane + 3)) % len(BITS[shape])] for lane in range(LANES[shape])]
    return int.from_bytes(struct.pack(f"<{LANES[shape]}{'I' if shape == 'f32' else 'Q'}", *lanes), "little")


def operands_of(row: Opcode) -> list[tuple[int, ...]]:
    source = "f64" if "demote" in row.name else "f32" if "promote" in row.name else row.nan
    count = len(BITS[source])
    places = itertools.product(range(count), repeat=min(2, len(row.params)))
    return [
        tuple(
            bits_of(operand.type, place[min(i, 1) % len(place)] + (i == 2), source)
            for i, operand in enumerate(row.params)
        )
        for place in places
    ]


def lanes_of(row: Opcode, value: int) -> list[int]:
    if row.results[0].type != "v128":
        return [value]
    return list(
        struct.unpack(f"<{LANES[row.nan]}{'I' if row.nan == 'f32' else 'Q'}", value.to_bytes(16, "little"))
    )


def is_nan(bits: int, nan: str) -> bool:
    exponent, fraction = (0x7F800000, 0x7FFFFF) if nan == "f32" else (0x7FF << 52, (1 << 52) - 1)
    return bits & exponent == exponent and bits & fraction != 0


def test_no_row_of_arithmetic_is_missing() -> None:
    """One that forgot to say that it makes NaNs would be tested by nothing here."""
    arithmetic = [f"{type_}.{name}" for type_ in ("f32", "f64", "f32x4", "f64x2") for name in ARITHMETIC]
    relaxed = [
        f"{type_}.relaxed_{name}" for type_ in ("f32x4", "f64x2") for name in ("madd", "nmadd", "min", "max")
    ]
    assert {row.name for row in NAN_ROWS} == {*arithmetic, *relaxed, *CONVERSIONS}


@INTERPRET
@pytest.mark.parametrize("row", NAN_ROWS, ids=lambda row: row.name)
def test_every_nan_is_the_canonical_one(row: Opcode, interpret: bool) -> None:
    """Results that are not NaNs are the same as without the profile."""
    wasm = of_row(row)
    e = linocut.load(wasm, interpret=interpret, deterministic=True).instantiate().exports
    free = linocut.load(wasm, interpret=interpret).instantiate().exports
    seen = 0
    for operands in operands_of(row):
        (found,) = e.f.call_bits(*operands)
        (before,) = free.f.call_bits(*operands)
        for bits, other in zip(lanes_of(row, found), lanes_of(row, before), strict=True):
            is_open = (
                "relaxed_m" in row.name and "add" not in row.name
            )  # min, max: what is a NaN here may be a number without the profile
            if is_nan(bits, row.nan):
                seen += 1
                assert bits == CANONICAL[row.nan]
                assert is_nan(other, row.nan) or is_open
            else:
                assert bits == other or is_open
        assert e.local.call_bits(*operands) == (found,)
        assert e.tee.call_bits(*operands) == (found, found)
        assert e.many.call_bits(*operands) == (found,) * 5
    assert seen >= 5


def wasmtime_exports(wasm: bytes) -> tuple[wasmtime.Store, dict[str, object]]:
    config = wasmtime.Config()
    config.wasm_relaxed_simd = True
    config.wasm_relaxed_simd_deterministic = True
    config.cranelift_nan_canonicalization = True
    store = wasmtime.Store(wasmtime.Engine(config))
    exports = wasmtime.Instance(store, wasmtime.Module(store.engine, wasm), []).exports(store)
    return store, exports


VECTORS = [
    struct.pack("<16B", *values)
    for values in (
        range(16), range(240, 256), [0x80] * 16, [0x7F] * 16, [0xFF, 0, 0x80, 0x10, 0x8F, 0x1F, 16, 15] * 2,
        [0, 0x80] * 8, [0xFF, 0x7F] * 8, [0, 0, 0xC0, 0x7F] * 4, [0, 0, 0x80, 0xFF, 0, 0, 0, 0x4F] * 2,
        [0, 0, 0, 0, 0, 0, 0xE0, 0x41] * 2, [0, 0, 0, 0, 0, 0, 0xF8, 0xFF] * 2,
    )
]  # fmt: skip


def both(row: Opcode) -> bytes:
    """The row with operands from memory and its result in memory, because wasmtime-py cannot pass vectors."""
    gets = " ".join(f"(v128.load offset={16 * n} (i32.const 0))" for n in range(len(row.params)))
    return wat_to_wasm(f"""(module (memory (export "m") 1)
      (func (export "f") (v128.store offset=64 (i32.const 0) ({row.name} {gets}))))""")


@INTERPRET
@pytest.mark.parametrize("row", [row for row in RELAXED if "add" not in row.name], ids=lambda row: row.name)
def test_relaxed_rows_give_what_wasmtime_gives(row: Opcode, interpret: bool) -> None:
    """Except products with a sum, which wasmtime rounds once, and sums that are too large, which it wraps."""
    wasm = both(row)
    e = linocut.load(wasm, interpret=interpret, deterministic=True).instantiate().exports
    store, theirs = wasmtime_exports(wasm)
    for vectors in itertools.product(VECTORS, repeat=len(row.params)):
        given = b"".join(vectors)
        if "dot" in row.name and vectors[0][:2] == vectors[1][:2] == b"\x80\x80":
            continue
        e.m.write(0, given)
        theirs["m"].write(store, given, 0)
        e.f()
        theirs["f"](store)
        assert e.m.read(64, 16) == bytes(theirs["m"].read(store, 64, 80)), vectors


@INTERPRET
@pytest.mark.parametrize(("shape", "form", "digits"), [("f32x4", "<4f", 12), ("f64x2", "<2d", 27)])
def test_products_are_rounded_before_they_are_added(
    shape: str, form: str, digits: int, interpret: bool
) -> None:
    """With one rounding there would be the square of 2^-digits left."""
    text = "(module " + " ".join(
        f"""(func (export "{name}") (param v128 v128 v128) (result v128)
          ({shape}.relaxed_{name} (local.get 0) (local.get 1) (local.get 2)))"""
        for name in ("madd", "nmadd")
    )
    e = linocut.load(text + ")", interpret=interpret, deterministic=True).instantiate().exports
    count = LANES[shape[:3]]
    factor, less, more = (
        struct.pack(form, *[value] * count)
        for value in (1 + 2.0**-digits, -1 - 2.0 ** (1 - digits), 1 + 2.0 ** (1 - digits))
    )
    assert struct.unpack(form, e.madd(factor, factor, less)) == (0.0,) * count
    assert struct.unpack(form, e.nmadd(factor, factor, more)) == (0.0,) * count


@INTERPRET
def test_sums_of_products(interpret: bool) -> None:
    """Sums of signed products that do not fit become the nearest number."""
    e = linocut.load(
        """(module
        (func (export "dot") (param v128 v128) (result v128) (i16x8.relaxed_dot_i8x16_i7x16_s (local.get 0) (local.get 1)))
        (func (export "add") (param v128 v128 v128) (result v128)
          (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2))))""",
        interpret=interpret,
        deterministic=True,
    ).instantiate().exports  # fmt: skip
    least = struct.pack("<16b", *[-128] * 16)
    assert struct.unpack("<8h", e.dot(least, least)) == (32767,) * 8
    mixed = struct.pack("<16b", *[-128, 100] * 8)
    assert struct.unpack("<8h", e.dot(mixed, least)) == (16384 - 12800,) * 8
    assert struct.unpack("<4i", e.add(mixed, least, struct.pack("<4i", 1, 2, 3, -4))) == tuple(
        2 * (16384 - 12800) + n for n in (1, 2, 3, -4)
    )


def test_a_copy_stays_deterministic() -> None:
    text = '(module (func (export "f") (param f32 f32) (result f32) (f32.add (local.get 0) (local.get 1))))'
    module = linocut.load(text, deterministic=True)
    for copy in (module, pickle.loads(pickle.dumps(module))):
        assert copy.instantiate().exports.f.call_bits(0xFFC00001, 0) == (0x7FC00000,)
    assert linocut.load(text).instantiate().exports.f.call_bits(0xFFC00001, 0) == (0xFFC00001,)
    with pytest.raises(TypeError, match="deterministic must be True or False"):
        linocut.load(text, deterministic=1)  # type: ignore[arg-type]


@INTERPRET
def test_both_profiles_of_one_module_at_once_in_two_threads(interpret: bool) -> None:
    """Each thread has an instance of each, calls them in turns, and imports of one are exports of the other."""
    text = """(module (import "" "g" (func $g (param f64) (result f64)))
      (func $add (param f64) (result f64) (f64.add (local.get 0) (f64.const 1)))
      (func (export "own") (param f64) (result f64) (call $add (local.get 0)))
      (func (export "other") (param f64) (result f64) (call $g (local.get 0))))"""
    free, fixed = (linocut.load(text, deterministic=d, interpret=interpret) for d in (False, True))
    odd, odd_result, canonical = 0xFFF8000000000123, (0xFFF8000000000123,), (0x7FF8 << 48,)
    wrong: list[object] = []

    def run() -> None:
        store = linocut.Store()
        one = free.instantiate({"": {"g": lambda x: x}}, store=store).exports
        two = fixed.instantiate({"": {"g": one.own}}, store=store).exports
        three = free.instantiate({"": {"g": two.own}}, store=store).exports
        for _ in range(300):
            results = [f.call_bits(odd) for f in (one.own, two.own, two.other, three.own, three.other)]
            if results != [odd_result, canonical, odd_result, odd_result, canonical]:
                wrong.append(results)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_trap_is_still_found() -> None:
    """The offset of a trap comes from compiling the function again, which must give the same code."""
    wasm = wat_to_wasm("""(module (func (export "f") (param f64) (result i32)
      (i32.trunc_f64_s (f64.mul (f64.add (local.get 0) (f64.const 1)) (f64.sqrt (local.get 0))))))""")
    with pytest.raises(linocut.Trap, match="invalid conversion") as trap:
        linocut.load(wasm, deterministic=True).instantiate().exports.f(-1.5)
    assert trap.value.frames[0].offset == wasm.index(b"\x9f\xa2\xaa") + 2


FUSED = """
import linocut, struct
text = '''(module
  (func (export "madd") (param v128 v128 v128) (result v128) (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "nmadd") (param v128 v128 v128) (result v128) (f64x2.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "same") (param v128) (result v128 v128)
    (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0)) (local.get 0)))'''
narrow = [struct.pack("<4f", *[value] * 4) for value in (1 + 2.0**-12, 1 + 2.0**-12, -1 - 2.0**-11)]
wide = [struct.pack("<2d", *[value] * 2) for value in (1 + 2.0**-27, 1 + 2.0**-27, 1 + 2.0**-26)]
for interpret in (False, True):
    e = linocut.load(text, interpret=interpret).instantiate().exports
    kept = e.same(narrow[0])[1] == narrow[0]
    print(struct.unpack("<4f", e.madd(*narrow))[0], struct.unpack("<2d", e.nmadd(*wide))[1], kept)
"""


@pytest.mark.compiled
@pytest.mark.parametrize("is_baseline", [False, True])
def test_relaxed_products_are_rounded_alike(is_baseline: bool) -> None:
    """They are rounded once where the processor can, else twice, and the interpreter does the same."""
    environment = {name: value for name, value in os.environ.items() if name != "LINOCUT_BASELINE"}
    environment |= {"LINOCUT_BASELINE": "1"} if is_baseline else {}
    done = subprocess.run([sys.executable, "-c", FUSED], capture_output=True, text=True, env=environment)
    assert done.stderr == ""
    once, twice = f"{2.0**-24} {-(2.0**-54)} True", "0.0 0.0 True"
    assert done.stdout.splitlines() in ([[twice] * 2] if is_baseline else [[once] * 2, [twice] * 2])
