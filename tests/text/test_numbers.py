"""Number literals are read exactly and rounded only once."""

from __future__ import annotations

import random
import struct
from fractions import Fraction

import pytest
from linocut.text.numbers import FORMATS, float_bits, float_text, integer_bits, nearest


def f32(bits: int) -> float:
    (value,) = struct.unpack("<f", struct.pack("<I", bits))
    return value


def f64_bits(value: float) -> int:
    (bits,) = struct.unpack("<Q", struct.pack("<d", value))
    return bits


@pytest.mark.parametrize(
    ("literal", "width", "bits"),
    [
        ("0", 32, 0),
        ("-0", 64, 0),
        ("+7", 32, 7),
        ("-1", 32, 0xFFFFFFFF),
        ("0xffff_ffff", 32, 0xFFFFFFFF),
        ("-0x8000_0000", 32, 0x80000000),
        ("010", 32, 10),
        ("18_446_744_073_709_551_615", 64, 2**64 - 1),
    ],
)
def test_integers(literal: str, width: int, bits: int):
    assert integer_bits(literal, width) == bits


@pytest.mark.parametrize(
    "literal", ["", "0x", "1_", "_1", "1__0", "4294967296", "-2147483649", "1.0", "--1", "0xg"]
)
def test_integers_refused(literal: str):
    with pytest.raises(ValueError):
        integer_bits(literal, 32)


@pytest.mark.parametrize(
    ("literal", "width", "bits"),
    [
        ("0", 32, 0),
        ("-0.0", 32, 0x80000000),
        ("1", 64, 0x3FF0000000000000),
        ("0x1.8p-1", 32, 0x3F400000),
        ("0xA.BCp1_0", 64, f64_bits(float.fromhex("0xA.BCp10"))),
        ("1_000.5e-0_1", 64, f64_bits(100.05)),
        ("6.", 32, 0x40C00000),
        ("inf", 32, 0x7F800000),
        ("-inf", 64, 0xFFF0000000000000),
        ("nan", 32, 0x7FC00000),
        ("-nan:0x200000", 32, 0xFFA00000),
        ("nan:0xf_ffff_ffff_ffff", 64, 0x7FFFFFFFFFFFFFFF),
        ("0x1p-149", 32, 1),
        ("0x1p-150", 32, 0),
        ("0x1.000002p-150", 32, 1),
        ("0x1.fffffep127", 32, 0x7F7FFFFF),
        ("0x1.fffffefp127", 32, 0x7F7FFFFF),
        ("340282356779733661637539395458142568447", 32, 0x7F7FFFFF),
        ("0x0.000000000000000000000000000000000000000001p1000", 64, f64_bits(2.0 ** (1000 - 168))),
        ("1e-1000000000", 64, 0),
        ("0e1000000000", 64, 0),
    ],
)
def test_floats(literal: str, width: int, bits: int):
    assert float_bits(literal, width) == bits


@pytest.mark.parametrize(
    "literal",
    [
        "0x1p128",
        "0x1.ffffffp127",
        "1e39",
        "1e1000000000",
        "0x1p999999999",
        "nan:0x0",
        "nan:0x800000",
        ".5",
        "1e",
        "0x.8",
        "0x1p",
        "infinity",
        "nan:1",
        "1_.0",
        "1._0",
        "++1",
        "nan:canonical",
    ],
)
def test_floats_refused(literal: str):
    with pytest.raises(ValueError):
        float_bits(literal, 32)


def test_f32_is_not_rounded_by_way_of_f64():
    literal = "0x1.00000100000000001p0"  # just above the middle of two f32s; as an f64 it would be the middle
    assert float_bits(literal, 32) == 0x3F800001
    assert struct.pack("<f", float.fromhex(literal)) == struct.pack("<I", 0x3F800000)


def test_decimals_agree_with_python():
    dice = random.Random(1)
    for _ in range(3000):
        digits, exponent = dice.randrange(10 ** dice.randrange(1, 25)), dice.randrange(-330, 280)
        literal = f"{digits}.{dice.randrange(10**6)}e{exponent}"
        assert float_bits(literal, 64) == f64_bits(float(literal))


def test_nearest_f32_beats_its_neighbours():
    dice = random.Random(2)
    for _ in range(2000):
        exact = Fraction(dice.getrandbits(70) + 1, 1 << dice.randrange(200))
        bits = nearest(exact.numerator, exact.denominator, FORMATS[32])
        errors = [abs(Fraction(f32(b)) - exact) for b in (bits, bits + 1, max(bits - 1, 0))]
        assert errors[0] == min(errors)


def test_the_largest_floats_have_literals():
    for bits, width in ((0x7F7FFFFF, 32), (0xFF7FFFFE, 32), (0x7FEFFFFFFFFFFFFF, 64)):
        assert float_bits(float_text(bits, width), width) == bits
