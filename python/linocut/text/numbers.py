"""Number and vector literals of the text format (§6.3.1, §6.3.2, §6.5.10) as the bits they denote.

They are rounded once and exactly."""

from __future__ import annotations

import math
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

# Underscores stand one by one between digits, which `_digits` looks at: a pattern that said so would repeat a
# group for each, and the matcher remembers every repetition.
_DIGITS, _HEX = r"[0-9][0-9_]*+", r"[0-9a-fA-F][0-9a-fA-F_]*+"
_INTEGER = re.compile(rf"([+-]?)(?:0x({_HEX})|({_DIGITS}))")
_FLOAT = re.compile(rf"({_DIGITS})(?:\.((?:{_DIGITS})?))?(?:[eE]([+-]?{_DIGITS}))?")
_HEX_FLOAT = re.compile(rf"0x({_HEX})(?:\.((?:{_HEX})?))?(?:[pP]([+-]?{_DIGITS}))?")
_NAN = re.compile(rf"nan(?::0x({_HEX}))?")
_MOST_INTEGER = 40  # digits of an integer without leading zeros: one with more fits nowhere
# Of a float's digits. A number halfway between two f64 has 767 significant ones at most, in hexadecimal
# fewer. For all beyond these it is enough to know whether there is another than 0.
_MOST_SIGNIFICANT = 800
_MOST_SHOWN = 60  # characters of a literal in a message
_MOST_EXPONENT = 10**9  # no literal that fits in memory has digits enough to weigh against more


def integer_bits(literal: str, width: int) -> int:
    """The literal as an unsigned `width`-bit number; signed and unsigned spellings are both allowed.

    >>> hex(integer_bits("-0x1", 32))
    '0xffffffff'
    """
    value = _integer(literal)
    if not -(1 << (width - 1)) <= value < 1 << width:
        raise ValueError(f"constant out of range: {_shown(literal)} does not fit in i{width}")
    return value & ((1 << width) - 1)


def _integer(literal: str) -> int:
    match = _INTEGER.fullmatch(literal)
    if match is None:
        raise ValueError(f"not an integer literal: {_shown(literal)}")
    sign, hexadecimal, decimal = match.groups()
    digits = _digits(hexadecimal or decimal, literal).lstrip("0") or "0"
    if len(digits) > _MOST_INTEGER:  # Python takes time that is quadratic in a decimal number's length
        raise ValueError(f"constant out of range: {_shown(literal)} has {len(digits)} digits")
    magnitude = int(digits, 16 if hexadecimal else 10)
    return -magnitude if sign == "-" else magnitude


def _digits(text: str, literal: str) -> str:
    """The digits without their underscores, each of which must stand between two of them (§6.3.1)."""
    if "_" not in text:
        return text
    if text.endswith("_") or "__" in text:
        raise ValueError(f"not a number: {_shown(literal)}")
    return text.replace("_", "")


def _shown(literal: str) -> str:
    """The literal as a message has it: a program may make one of a million digits."""
    return literal if len(literal) <= _MOST_SHOWN else literal[:_MOST_SHOWN] + "…"


def float_bits(literal: str, width: int) -> int:
    """The literal as the bits of the nearest float (ties to even), with NaN payloads as written.

    >>> hex(float_bits("0x1.fffffep127", 32)), hex(float_bits("-nan:0x1", 64))
    ('0x7f7fffff', '0xfff0000000000001')
    """
    magnitude = literal.lstrip("+-")
    if len(literal) - len(magnitude) > 1:
        raise ValueError(f"not a float literal: {_shown(literal)}")
    sign = 1 << (width - 1) if literal[0] == "-" else 0
    return sign | _magnitude_bits(magnitude, FORMATS[width])


def _magnitude_bits(text: str, form: FloatFormat) -> int:
    if text == "inf":
        return form.infinity
    if nan := _NAN.fullmatch(text):
        return form.infinity | _payload(nan[1], form)
    if decimal := _FLOAT.fullmatch(text):
        return _scaled(*_parts(decimal, 10), 10, form, text)
    if hexadecimal := _HEX_FLOAT.fullmatch(text):
        return _scaled(*_parts(hexadecimal, 16), 2, form, text)
    raise ValueError(f"not a float literal: {_shown(text)}")


def _parts(match: re.Match[str], base: int) -> tuple[int, int]:
    """A float's digits as one number, and its exponent, of ten or two; cut where more digits say no more."""
    whole, fraction, exponent = (_digits(part, match[0]) if part else "" for part in match.groups(default=""))
    digits = (whole + fraction).lstrip("0")
    moved = -len(fraction)
    if len(digits) > _MOST_SIGNIFICANT:
        moved += len(digits) - _MOST_SIGNIFICANT - 1
        rest = digits[_MOST_SIGNIFICANT:]
        digits = digits[:_MOST_SIGNIFICANT] + ("1" if rest.strip("0") else "0")
    return int(digits or "0", base), _exponent(exponent) + moved * (4 if base == 16 else 1)


def _exponent(text: str) -> int:
    """An exponent, or one that is as good as it: without reading a million digits."""
    digits = text.lstrip("+-").lstrip("0") or "0"
    value = int(digits) if len(digits) < 10 else _MOST_EXPONENT
    return -value if text.startswith("-") else value


def _payload(digits: str | None, form: FloatFormat) -> int:
    payload = form.quiet if digits is None else int(_digits(digits, digits), 16)
    if not 0 < payload < 1 << form.mantissa:
        shown = _shown(f"nan:{payload:#x}")
        raise ValueError(f"constant out of range: {shown} has no place in f{form.width}")
    return payload


def _scaled(digits: int, exponent: int, base: int, form: FloatFormat, text: str) -> int:
    """The bits of digits * base**exponent, without computing 10**1_000_000_000 where the result is clear."""
    magnitude = digits.bit_length() + exponent * math.log2(base)  # at most one above the logarithm
    if digits == 0 or magnitude < form.smallest_exponent - form.mantissa - 2:
        return 0
    if magnitude > 4 - form.smallest_exponent:
        raise ValueError(f"constant out of range: {_shown(text)} in f{form.width}")
    scale = base ** abs(exponent)
    bits = nearest(digits * scale, 1, form) if exponent >= 0 else nearest(digits, scale, form)
    if bits >= form.infinity:
        raise ValueError(f"constant out of range: {_shown(text)} in f{form.width}")
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
