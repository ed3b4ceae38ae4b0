"""Numbers in options, as argparse's `type=`: those that can be meant, in ASCII digits."""

from __future__ import annotations

_MOST_DIGITS = 15
_LARGEST_PORT = 65535
_UNITS = {"": 0, "K": 10, "M": 20, "G": 30}  # powers of two
_LONGEST = 1e9  # seconds: thirty years


def count(text: str) -> int:
    """A number from 1."""
    number = natural(text)
    if number == 0:
        raise _refusal(f"a number from 1, not {text!r}")
    return number


def natural(text: str) -> int:
    """A number from 0."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise _refusal(f"a number from 0, not {text!r}")
    return int(text)


def exit_code(text: str) -> int:
    """What a process can exit with."""
    number = natural(text)
    if number > 0xFF:
        raise _refusal(f"an exit code from 0 to 255, not {text!r}")
    return number


def port(text: str) -> int:
    """Where a server listens; 0 is one that is free."""
    number = natural(text)
    if number > _LARGEST_PORT:
        raise _refusal(f"a port from 0 to {_LARGEST_PORT}, not {text!r}")
    return number


def seconds(text: str) -> float:
    """A time that ends, and not before it has begun."""
    number = read_seconds(text)
    if number is None:
        raise _refusal(f"a number of seconds, not {text!r}")
    return number


def read_seconds(text: str) -> float | None:
    """The same, or None."""
    try:
        number = float(text) if text.isascii() and text.strip() == text and "_" not in text else 0.0
    except ValueError:
        return None
    return number if 0 < number < _LONGEST else None


def read_size(text: str) -> int | None:
    """A number of bytes, perhaps in K, M or G (of 1024, 1024² and 1024³ bytes); None if it is none."""
    digits, unit = (text[:-1], text[-1]) if text and text[-1] in _UNITS else (text, "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS):
        return None
    return int(digits) << _UNITS[unit]


def _refusal(message: str) -> Exception:
    """Imported here because `linocut run` parses for itself, and starts faster without."""
    from argparse import ArgumentTypeError

    return ArgumentTypeError(message)
