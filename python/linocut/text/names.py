"""What a module calls its functions, locals and globals, and how a name is written in the text format."""

from __future__ import annotations

import re
from typing import Final

from linocut.text.binary import Reader
from linocut_isa import Space

_MOST_CHARACTERS = (
    100  # of a name where it is used; compilers' longest mangled names have more, and their ends say little
)
_PLAIN = re.compile(r"[0-9A-Za-z!#$%&'*+\-./:<=>?@\\^_`|~]+")


MODULE_NAME = 0
NAME_MAPS: Final = {
    Space.FUNC: 1, Space.TYPE: 4, Space.TABLE: 5, Space.MEMORY: 6, Space.GLOBAL: 7, Space.ELEM: 8,
    Space.DATA: 9, Space.TAG: 11,
}  # fmt: skip
"""Subsections of names by index; most of them are of the extended name section proposal."""
LOCAL_NAMES, LABEL_NAMES, FIELD_NAMES = 2, 3, 10  # by the index of a function or type, then by their own
PARAMETER_NAMES = 12  # of function types: no proposal has it, but wasm-tools writes it
_INDIRECT: Final = (LOCAL_NAMES, LABEL_NAMES, FIELD_NAMES, PARAMETER_NAMES)


class Names:
    """The name section (appendix, custom sections)."""

    def __init__(self) -> None:
        self.module: str | None = None
        self.maps: dict[int, dict[int, str]] = {number: {} for number in NAME_MAPS.values()}
        """By subsection, by index."""
        self.indirect: dict[int, dict[int, dict[int, str]]] = {number: {} for number in _INDIRECT}
        """By subsection, by the index of a function or type, by index."""

    def by_space(self, function: int) -> dict[Space, dict[int, str]]:
        """What a listing of the function calls by name."""
        return {
            Space.FUNC: self.functions,
            Space.GLOBAL: self.globals,
            Space.LOCAL: self.locals.get(function, {}),
        }

    @property
    def functions(self) -> dict[int, str]:
        """By the function's index."""
        return self.maps[NAME_MAPS[Space.FUNC]]

    @property
    def locals(self) -> dict[int, dict[int, str]]:
        """By the function's index, then the local's."""
        return self.indirect[LOCAL_NAMES]

    @property
    def globals(self) -> dict[int, str]:
        """By the global's index."""
        return self.maps[NAME_MAPS[Space.GLOBAL]]


def read_names(section: bytes) -> Names:
    """What the section says, up to the first error in it: no module is refused for its names."""
    names = Names()
    reader = Reader(section)
    try:
        while not reader.is_done:
            subsection = reader.byte()
            _read_subsection(subsection, Reader(reader.take(reader.unsigned())), names)
    except (IndexError, ValueError):
        pass
    return names


def _read_subsection(number: int, reader: Reader, names: Names) -> None:
    if number == MODULE_NAME:
        names.module = reader.name()
    elif number in names.maps:
        _read_map(reader, names.maps[number])
    elif number in names.indirect:
        for _ in range(reader.unsigned()):
            _read_map(reader, names.indirect[number].setdefault(reader.unsigned(), {}))


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


def literal(content: bytes) -> str:
    r"""The string literal that denotes the bytes, all of them shown but for printable ASCII.

    >>> literal(b"a\"\0\xff")
    '"a\\22\\00\\ff"'
    """
    return '"' + "".join(map(_BYTES.__getitem__, content)) + '"'


_BYTES: Final = [
    chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:02x}" for byte in range(256)
]


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    return "".join(f"\\{byte:02x}" for byte in character.encode())
