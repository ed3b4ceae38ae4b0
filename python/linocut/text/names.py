"""What a module calls its functions, locals and globals, and how a name is written in the text format."""

from __future__ import annotations

import re
from typing import NamedTuple

from linocut.text.binary import Reader

_FUNCTIONS, _LOCALS, _GLOBALS = 1, 2, 7  # subsections; globals are of the extended name section proposal
_MOST_CHARACTERS = (
    100  # of a name where it is used; compilers' longest mangled names have more, and their ends say little
)
_PLAIN = re.compile(r"[0-9A-Za-z!#$%&'*+\-./:<=>?@\\^_`|~]+")


class Names(NamedTuple):
    """The name section (appendix, custom sections), by index."""

    functions: dict[int, str]
    locals: dict[int, dict[int, str]]  # by function
    globals: dict[int, str]


def read_names(section: bytes) -> Names:
    """What the section says, up to the first error in it: no module is refused for its names."""
    names = Names({}, {}, {})
    reader = Reader(section)
    try:
        while not reader.is_done:
            subsection = reader.byte()
            _read_subsection(subsection, Reader(reader.take(reader.unsigned())), names)
    except (IndexError, UnicodeDecodeError):
        pass
    return names


def _read_subsection(number: int, reader: Reader, names: Names) -> None:
    if number == _FUNCTIONS:
        _read_map(reader, names.functions)
    elif number == _GLOBALS:
        _read_map(reader, names.globals)
    elif number == _LOCALS:
        for _ in range(reader.unsigned()):
            _read_map(reader, names.locals.setdefault(reader.unsigned(), {}))


def _read_map(reader: Reader, found: dict[int, str]) -> None:
    for _ in range(reader.unsigned()):
        index = reader.unsigned()
        found[index] = reader.name()


def shortened(name: str) -> str:
    """The name, cut where it is long, so that a listing does not repeat all of it wherever it is used.

    >>> shortened("main"), len(shortened("x" * 100_000))
    ('main', 101)
    """
    return name if len(name) <= _MOST_CHARACTERS else name[:_MOST_CHARACTERS] + "…"


def identifier(name: str) -> str:
    r"""The name as an identifier (§6.3.5), quoted if it has characters that a plain identifier cannot have.

    >>> identifier("main"), identifier("a\x1b[2J")
    ('$main', '$"a\\1b[2J"')
    """
    if _PLAIN.fullmatch(name):
        return f"${name}"
    return f'$"{escape(name)}"'


def escape(text: str) -> str:
    """The text as it stands between quotes (§6.3.3): nothing in it can disturb a terminal."""
    return "".join(map(_escape, text))


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    return "".join(f"\\{byte:02x}" for byte in character.encode())
