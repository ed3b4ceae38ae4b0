"""Number and vector literals of the text format (§6.3.1, §6.3.2, §6.5.10) as the bits they denote.

They are rounded once and exactly."""

from __future__ import annotations

import re
import struct
from typing import NamedTuple


class FloatFormat(NamedTuple):
    """An IEEE 754 binary format, by the widths of its fields."""

    width: int
    mantissa: int

    @property
    def infinity(self) -> int:
        """The bits of +inf: the exponent field full, the mantissa empty."""
        return ((1 << (self.width - 1 - self.mantissa)) - 1) << self.mantissa

    @property
    def quiet(self) -> int:
        """The bit set in every arithmetic NaN, and the only payload bit of a canonical one (§4.3.3)."""
        return 1 << (self.mantissa - 1)

    @property
    def smallest_exponent(self) -> int:
        """The exponent of the smallest normal number, which subnormal ones share."""
        return 2 - (1 << (self.width - 2 - self.mantissa))


FORMATS = {32: FloatFormat(32, 23), 64: FloatFormat(64, 52)}
VECTOR_WIDTH = 128
LANES = {"i8x16": 8, "i16x8": 16, "i32x4": 32, "i64x2": 64, "f32x4": 32, "f64x2": 64}
"""The shapes of a vector, and how wide a lane is."""

_DIGITS, _HEX = r"[0-9](?:_?[0-9])*", r"[0-9a-fA-F](?:_?[0-9a-fA-F])*"
_INTEGER = re.compile(rf"([+-]?)(?:0x({_HEX})|({_DIGITS}))")
_FLOAT = re.compile(rf"({_DIGITS})(?:\.((?:{_DIGITS})?))?(?:[eE]([+-]?{_DIGITS}))?")
_HEX_FLOAT = re.compile(rf"0x({_HEX})(?:\.((?:{_HEX})?))?(?:[pP]([+-]?{_DIGITS}))?")
_NAN = re.compile(rf"nan(?::0x({_HEX}))?")


def integer_bits(literal: str, width: int) -> int:
    """The literal as an unsigned `width`-bit number; signed and unsigned spellings are both allowed.

    >>> hex(integer_bits("-0x1", 32))
    '0xffffffff'
    """
    value = _integer(literal)
    if not -(1 << (width - 1)) <= value < 1 << width:
        raise ValueError(f"constant out of range: {literal} does not fit in i{width}")
    return value & ((1 << width) - 1)


def _integer(literal: str) -> int:
    match = _INTEGER.fullmatch(literal)
    if match is None:
        raise ValueError(f"not an integer literal: {literal}")
    sign, hexadecimal, decimal = match.groups()
    magnitude = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return -magnitude if sign == "-" else magnitude


def float_bits(literal: str, width: int) -> int:
    """The literal as the bits of the nearest float (ties to even), with NaN payloads as written.

    >>> hex(float_bits("0x1.fffffep127", 32)), hex(float_bits("-nan:0x1", 64))
    ('0x7f7fffff', '0xfff0000000000001')
    """
    magnitude = literal.lstrip("+-")
    if len(literal) - len(magnitude) > 1:
        raise ValueError(f"not a float literal: {literal}")
    sign = 1 << (width - 1) if literal[0] == "-" else 0
    return sign | _magnitude_bits(magnitude, FORMATS[width])


def _magnitude_bits(text: str, form: FloatFormat) -> int:
    if text == "inf":
        return form.infinity
    if nan := _NAN.fullmatch(text):
        return form.infinity | _payload(nan[1], form)
    if decimal := _FLOAT.fullmatch(text):
        whole, fraction, exponent = decimal.groups(default="")
        return _scaled(int(whole + fraction), 10, int(exponent or "0") - _digits(fraction), form, text)
    if hexadecimal := _HEX_FLOAT.fullmatch(text):
        whole, fraction, exponent = hexadecimal.groups(default="")
        return _scaled(int(whole + fraction, 16), 2, int(exponent or "0") - 4 * _digits(fraction), form, text)
    raise ValueError(f"not a float literal: {text}")


def _digits(fraction: str) -> int:
    return len(fraction) - fraction.count("_")


def _payload(digits: str | None, form: FloatFormat) -> int:
    payload = form.quiet if digits is None else int(digits, 16)
    if not 0 < payload < 1 << form.mantissa:
        raise ValueError(f"constant out of range: nan:0x{payload:x} has no place in f{form.width}")
    return payload


def _scaled(digits: int, base: int, exponent: int, form: FloatFormat, text: str) -> int:
    """The bits of digits * base**exponent, without computing 10**1_000_000_000 where the result is clear."""
    limit = 2 * form.width * form.width + digits.bit_length()
    if digits == 0 or exponent < -limit:
        return 0
    if exponent > limit:
        raise ValueError(f"constant out of range: {text} in f{form.width}")
    scale = base ** abs(exponent)
    bits = nearest(digits * scale, 1, form) if exponent >= 0 else nearest(digits, scale, form)
    if bits >= form.infinity:
        raise ValueError(f"constant out of range: {text} in f{form.width}")
    return bits


def nearest(numerator: int, denominator: int, form: FloatFormat) -> int:
    """The bits of the float nearest to a positive fraction, ties to even; at least infinity's if too large.

    The fraction is never rounded on the way: a detour over f64 would round some f32 constants twice.
    """
    exponent = numerator.bit_length() - denominator.bit_length()
    if numerator << max(-exponent, 0) < denominator << max(exponent, 0):
        exponent -= 1
    exponent = max(exponent, form.smallest_exponent)
    shift = exponent - form.mantissa
    quotient, rest = divmod(numerator << max(-shift, 0), denominator << max(shift, 0))
    half = 2 * rest - (denominator << max(shift, 0))
    quotient += half > 0 or (half == 0 and quotient & 1)
    # A normal quotient carries its leading bit into the exponent field, a subnormal one has none to carry.
    return quotient + ((exponent - form.smallest_exponent) << form.mantissa)


def vector_bits(text: str) -> int:
    """The vector that a shape and its lanes denote, lane 0 the lowest bits.

    >>> hex(vector_bits("i32x4 1 2 3 -1"))
    '0xffffffff000000030000000200000001'
    """
    shape, *lanes = text.split() or [""]
    width = LANES.get(shape)
    if width is None or len(lanes) * width != VECTOR_WIDTH:
        raise ValueError(f"not a vector literal: {text}")
    read = integer_bits if shape[0] == "i" else float_bits
    return sum(read(lane, width) << width * number for number, lane in enumerate(lanes))


def vector_text(bits: int) -> str:
    """The literal that `linocut` writes for a vector: four lanes in hexadecimal.

    >>> vector_text(1 << 127 | 255)
    'i32x4 0x000000ff 0x00000000 0x00000000 0x80000000'
    """
    lanes = (bits >> shift & 0xFFFFFFFF for shift in range(0, VECTOR_WIDTH, 32))
    return " ".join(["i32x4", *(f"{lane:#010x}" for lane in lanes)])


def float_text(bits: int, width: int) -> str:
    """The shortest literal of exactly these bits: decimal, or ``inf``, or a NaN with its payload.

    >>> float_text(0x3DCCCCCD, 32), float_text(0xFFF8000000000001, 64)
    ('0.1', '-nan:0x8000000000001')
    """
    form = FORMATS[width]
    sign = "-" if bits >> (width - 1) else ""
    magnitude = bits & ((1 << (width - 1)) - 1)
    if magnitude < form.infinity:
        return sign + _shortest(magnitude, width)
    payload = magnitude - form.infinity
    if payload == 0:
        return sign + "inf"
    return f"{sign}nan" + ("" if payload == form.quiet else f":0x{payload:x}")


def _shortest(magnitude: int, width: int) -> str:
    if width == 64:
        value: float = struct.unpack("<d", magnitude.to_bytes(8, "little"))[0]
        return repr(value)
    value = struct.unpack("<f", magnitude.to_bytes(4, "little"))[0]
    # Nine digits always name one f32 (IEEE 754, §5.12.2); read back as text, so rounded once.
    candidates = (repr(float(f"{value:.{digits}g}")) for digits in range(1, 9))
    return next((text for text in candidates if _denotes_f32(text, magnitude)), repr(float(f"{value:.9g}")))


def _denotes_f32(text: str, magnitude: int) -> bool:
    """Whether the text is a float at all and that one: few digits of the largest are rounded up beyond it."""
    try:
        return float_bits(text, 32) == magnitude
    except ValueError:
        return False
