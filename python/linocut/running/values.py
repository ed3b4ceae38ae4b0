"""Values of `--invoke`: numbers and vectors as the text format writes them, without underscores; null.

What is printed can be given again. All travel by their bits, so that a NaN keeps its payload.
"""

from __future__ import annotations

from linocut.running.request import UsageError
from linocut.text.numbers import LANES, float_bits, float_text, integer_bits, vector_bits, vector_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut.types import FuncType

_VECTOR = "v128"
_WIDTHS = {"i32": 32, "i64": 64, "f32": 32, "f64": 64, _VECTOR: 128}
_LARGEST = {32: "0x1.fffffep+127", 64: "0x1.fffffffffffffp+1023"}
_NULL = "null"
_SHOWN = 60  # characters of an argument that is no number


def parse(type_: FuncType, arguments: Sequence[str]) -> list[object]:
    """What `Func.call_bits` takes for them; UsageError if they are not what the function takes."""
    kinds = type_.params
    if len(arguments) != len(kinds):
        wanted = f"{len(kinds)} arguments ({' '.join(kinds)})" if kinds else "no arguments"
        raise UsageError(f"the function takes {wanted}, not {len(arguments)}")
    return [_value(kind, argument) for kind, argument in zip(kinds, arguments, strict=True)]


def _value(kind: str, text: str) -> object:
    if kind not in _WIDTHS:
        if text == _NULL:
            return None
        raise UsageError(f"{_quoted(text)} is no {kind}: only {_NULL} can be given")
    try:
        return _bits(kind, text)
    except ValueError as error:
        is_far = "out of range" in str(error) or "limit" in str(error)  # of digits that Python reads
        why = _range(kind, text) if is_far else f"it is written like {_example(kind)}"
    raise UsageError(f"{_quoted(text)} is no {kind}: {why}")


def _bits(kind: str, text: str) -> int:
    """ValueError for text that is no number of that type."""
    if not text or "_" in text:  # the text format's, but a shell's numbers have none
        raise ValueError(f"not a number: {text}")
    if kind == _VECTOR:
        return vector_bits(text)
    read = integer_bits if kind[0] == "i" else float_bits
    return read(text, _WIDTHS[kind])


def _range(kind: str, text: str) -> str:
    if kind == _VECTOR:
        shape = text.split()[0]
        return f"its lanes go {_numbers(shape[0], LANES[shape])}"
    return f"it goes {_numbers(kind[0], _WIDTHS[kind])}"


def _numbers(sort: str, width: int) -> str:
    if sort == "i":
        return f"from {-(1 << width - 1)} to {(1 << width) - 1}"
    largest, payload = _LARGEST[width], (1 << (23 if width == 32 else 52)) - 1
    return f"from -{largest} to {largest}, with NaNs from nan:0x1 to nan:{payload:#x}"


def _example(kind: str) -> str:
    if kind == _VECTOR:
        return "'i32x4 1 -2 0xff 4' or 'f64x2 1.5 nan'"
    return "-12 or 0xff" if kind[0] == "i" else "-1.5e3, 0x1.8p-3, inf or nan:0x1"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def shown(type_: FuncType, results: Sequence[object]) -> str:
    """The results that `Func.call_bits` gave, one a line."""
    return "".join(f"{_text(kind, value)}\n" for kind, value in zip(type_.results, results, strict=True))


def _text(kind: str, value: object) -> str:
    if not isinstance(value, int) or kind not in _WIDTHS:
        return _NULL if value is None else str(value)
    width = _WIDTHS[kind]
    if kind == _VECTOR:
        return vector_text(value)
    if kind[0] == "f":
        return float_text(value, width)
    return str(value - (1 << width) if value >> (width - 1) else value)
