"""Figures as people read them: three digits and a unit."""

from __future__ import annotations

import math
import unicodedata

NOTHING = "–"
_SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_BYTES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B"))


def three_digits(value: float) -> str:
    """1234, 123, 12.3, 1.23; small numbers keep two decimals."""
    if not math.isfinite(value):
        return NOTHING
    return f"{value:.{2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0}f}"


def seconds(value: float) -> str:
    """12.3 ms."""
    return _scaled(value, _SECONDS)


def size(value: float) -> str:
    """12.3 kB; multiples of 1000."""
    return _scaled(value, _BYTES)


def round_seconds(value: float) -> str:
    """The label of a tick: 10 ms."""
    return _scaled(value, _SECONDS, "g")


def round_size(value: float) -> str:
    """The label of a tick: 10 kB."""
    return _scaled(value, _BYTES, "g")


def round_percent(value: float) -> str:
    """The label of a tick, whose value is in percent: +10."""
    return f"{value:+g}".replace("-", "−") if value else "0"


def _scaled(value: float, units: tuple[tuple[float, str], ...], form: str = "") -> str:
    if not math.isfinite(value):
        return NOTHING
    unit, name = next((unit for unit in units if abs(value) >= 0.9995 * unit[0]), units[-1])
    scaled = value / unit
    return f"{format(scaled, form) if form else three_digits(scaled)} {name}"


def percent(change: float) -> str:
    """A change with its sign: +1.2 %, −30 %."""
    if not math.isfinite(change):
        return NOTHING
    text = f"{100 * change:+.{1 if abs(change) < 0.0995 else 0}f} %"
    return "0.0 %" if text[1:] == "0.0 %" else text.replace("-", "−")


def spread(count: int, value: float) -> str:
    """Half the distance of the quartiles in percent of the median; a single sample has none, and says so."""
    if count < 2:
        return "n=1" if count else ""
    return f"±{100 * value:.{1 if value < 0.0995 else 0}f} %" if math.isfinite(value) else ""


def said_by(name: str, message: str) -> str:
    """A message with the name of what it is about, once."""
    return message if message.startswith(f"{name}:") else f"{name}: {message}"


def printable(text: str) -> str:
    """One line without control characters: names and messages come from other people's programs."""
    line = " ".join(text.split())
    return "".join("?" if unicodedata.category(one).startswith("C") else one for one in line)
