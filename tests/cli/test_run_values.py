"""`linocut run --invoke`: only numbers of the text format; results can be given as arguments again."""

from __future__ import annotations

import pytest
from linocut.running.request import UsageError
from linocut.running.values import parse, shown
from linocut.text.numbers import float_bits
from linocut.types import FuncType


def bits(kind: str, text: str) -> object:
    return parse(FuncType([kind], []), [text])[0]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("i32", "12", 12),
        ("i32", "+12", 12),
        ("i32", "-1", 0xFFFFFFFF),
        ("i32", "4294967295", 0xFFFFFFFF),
        ("i32", "-2147483648", 0x80000000),
        ("i32", "-0", 0),
        ("i32", "007", 7),
        ("i32", "0xfF", 255),
        ("i64", "-0x8000000000000000", 1 << 63),
        ("f32", "0x1p3", 0x41000000),
        ("f32", "0x1.8P-1", 0x3F400000),
        ("f64", "-0", 1 << 63),
        ("f64", "1.", 0x3FF0000000000000),
        ("f64", "1e5", 0x40F86A0000000000),
        ("f64", "inf", 0x7FF0000000000000),
        ("f64", "-inf", 0xFFF0000000000000),
        ("f32", "nan", 0x7FC00000),
        ("f32", "-nan:0x1", 0xFF800001),
        ("f64", "nan:0x8000000000001", 0x7FF8000000000001),
        ("f32", "1e-999", 0),
        ("v128", "i32x4 1 2 0xff -1", 0xFFFFFFFF_000000FF_00000002_00000001),
        ("v128", "f64x2 -0 nan:0x1", 0x7FF0000000000001_8000000000000000),
        ("v128", " ".join(["i8x16", *map(str, range(16))]), int.from_bytes(bytes(range(16)), "little")),
        ("externref", "null", None),
        ("funcref", "null", None),
    ],
)
def test_numbers_of_the_text_format(kind: str, text: str, value: object) -> None:
    assert bits(kind, text) == value


@pytest.mark.parametrize("kind", ["i32", "i64", "f32", "f64"])
@pytest.mark.parametrize(
    "text",
    ["", " ", " 5", "5 ", "\t5", "5\n", "1_000", "0x1_0", "١", "５", "²", "x", "--1", "+-1", "- 1", "0b1", "0o7", "0X1",
     "1,5", ".5", "1e", "0x", "0x.8p1", "1f", "Infinity", "infinity", "INF", "NaN", "nan:", "nan:1", "nan:canonical",
     "nan:arithmetic", "nan(0x1)", "true", "null", "1j", "i32.const 1", "1\0"],
)  # fmt: skip
def test_nothing_else_is_a_number(kind: str, text: str) -> None:
    with pytest.raises(UsageError, match=f"is no {kind}: it is written like "):
        bits(kind, text)


@pytest.mark.parametrize(
    ("kind", "text", "goes"),
    [
        ("i32", "4294967296", "from -2147483648 to 4294967295"),
        ("i32", "-2147483649", "from -2147483648 to 4294967295"),
        ("i32", "9" * 5000, "from -2147483648 to 4294967295"),
        ("i64", "0x1ffffffffffffffff", "from -9223372036854775808 to 18446744073709551615"),
        ("f32", "1e39", "from -0x1.fffffep+127 to 0x1.fffffep+127"),
        ("f32", "3.4028236e38", "from -0x1.fffffep+127 to 0x1.fffffep+127"),
        ("f32", "nan:0x800000", "with NaNs from nan:0x1 to nan:0x7fffff"),
        ("f64", "nan:0x0", "with NaNs from nan:0x1 to nan:0xfffffffffffff"),
        ("f64", "0x1p1024", "to 0x1.fffffffffffffp+1023"),
        ("f64", "1e999999999", "to 0x1.fffffffffffffp+1023"),
    ],
)
def test_what_is_out_of_range_says_the_range(kind: str, text: str, goes: str) -> None:
    with pytest.raises(UsageError) as raised:
        bits(kind, text)
    assert f"is no {kind}: it goes " in str(raised.value)
    assert goes in str(raised.value)
    assert len(str(raised.value)) < 250


@pytest.mark.parametrize(
    "text",
    ["", " ", "1", "i32x4", "i32x4 1 2 3", "i32x4 1 2 3 4 5", "i32x3 1 2 3", "i32x4 1 2 3 x", "i32x4 1 2 3 1.5",
     "f32x4 1 2 3 nan:canonical", "i64x2 1_0 2", "i64x2(1 2)", "v128.const i64x2 1 2"],
)  # fmt: skip
def test_nothing_else_is_a_vector(text: str) -> None:
    with pytest.raises(UsageError, match="is no v128: it is written like 'i32x4 "):
        bits("v128", text)


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("i8x16 256" + 15 * " 0", "its lanes go from -128 to 255"),
        ("i64x2 0 -9223372036854775809", "its lanes go from -9223372036854775808 to 18446744073709551615"),
        ("f32x4 0 0 0 1e39", "its lanes go from -0x1.fffffep+127 to"),
        ("f64x2 nan:0x0 0", "with NaNs from nan:0x1 to nan:0xfffffffffffff"),
    ],
)
def test_a_lane_out_of_range_says_the_range(text: str, goes: str) -> None:
    with pytest.raises(UsageError) as raised:
        bits("v128", text)
    assert goes in str(raised.value)


def test_the_ranges_are_those_that_are_taken() -> None:
    for kind, low, high in (("i32", -(2**31), 2**32 - 1), ("i64", -(2**63), 2**64 - 1)):
        for edge in (low, high):
            bits(kind, str(edge))
        for beyond in (low - 1, high + 1):
            with pytest.raises(UsageError):
                bits(kind, str(beyond))
    for kind, largest in (("f32", "0x1.fffffep+127"), ("f64", "0x1.fffffffffffffp+1023")):
        assert bits(kind, largest) == float_bits("inf", int(kind[1:])) - 1


def test_references_take_null_alone() -> None:
    for text in ("0", "", "NULL", "ref.null"):
        with pytest.raises(UsageError, match="only null can be given"):
            bits("externref", text)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("i32", [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]),
        ("i64", [0, 1 << 63, (1 << 64) - 1]),
        (
            "f32",
            [
                0,
                1 << 31,
                1,
                0x3DCCCCCD,
                0x7F7FFFFF,
                0x7F800000,
                0xFF800000,
                0x7FC00000,
                0x7F800001,
                0xFFFFFFFF,
            ],
        ),
        (
            "f64",
            [0, 1 << 63, 1, 0x3FB999999999999A, 0x7FF0000000000000, 0x7FF0000000000001, 0xFFF8000000000000],
        ),
        ("v128", [0, 1, 1 << 127, (1 << 128) - 1, 0x0102030405060708090A0B0C0D0E0F10]),
    ],
)
def test_results_can_be_given_again(kind: str, values: list[int]) -> None:
    type_ = FuncType([], [kind])
    for value in values:
        text = shown(type_, [value])
        assert text.endswith("\n")
        assert bits(kind, text[:-1]) == value


def test_null_is_printed_as_it_is_given() -> None:
    assert shown(FuncType([], ["externref", "i32"]), [None, 0xFFFFFFFF]) == "null\n-1\n"
