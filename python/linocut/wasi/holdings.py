"""What a process holds, whichever of its instances calls."""

from __future__ import annotations

import os

from linocut.wasi.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Holdings:
    """Arguments and environment as guests get them, and the open descriptors."""

    def __init__(self, args: Iterable[str | bytes], env: Mapping[str, str | bytes]) -> None:
        if isinstance(args, str | bytes):
            raise TypeError(f"args must be a list of strings, such as [{args!r}], not {args!r}")
        self.args = [_terminated(_encoded("an argument", arg)) for arg in args]
        require_mapping("env", env)
        self.env = [_terminated(_variable(name, value)) for name, value in env.items()]
        self.table = Table()


def require_mapping(what: str, given: object) -> None:
    """Raises TypeError unless it can be asked for its items."""
    if not hasattr(given, "items"):
        raise TypeError(f"{what} must be a mapping, such as a dict, not {given!r}")


def require_no_nul(what: str, text: bytes) -> bytes:
    """The text; ValueError if it contains a NUL, at which it would end for a C program."""
    if b"\0" in text:
        raise ValueError(f"{what} of a WASI program holds a NUL: {text!r}")
    return text


def _encoded(what: str, text: str | bytes) -> bytes:
    if not isinstance(text, str | bytes | os.PathLike):
        raise TypeError(f"{what} must be a str or bytes, not {text!r}")
    return os.fsencode(text)


def _variable(name: str, value: str | bytes) -> bytes:
    encoded = _encoded("a variable's name", name)
    if not encoded or b"=" in encoded:
        raise ValueError(f"a variable's name must not be empty nor hold a '=': {name!r}")
    return encoded + b"=" + _encoded(f"the variable {name!r}", value)


def _terminated(string: bytes) -> bytes:
    return require_no_nul("an argument or variable", string) + b"\0"
