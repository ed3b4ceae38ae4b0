"""The module texts of the official suite, and what holds for some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linocut.spec import suite
from linocut.text import commands as c
from linocut.text.script import read_script, script_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SUITE = suite.find_suite()

# wasm-tools takes a `(sub (func))` for an inline function type, and a group of one type for none. By the
# specification (§6.4.10) the former is another type, and the latter the same as the type alone.
BY_THE_SPECIFICATION = {
    ("core/gc/type-subtyping.wast", 344),
    ("core/gc/type-subtyping.wast", 373),
    ("core/type-rec.wast", 45),
    ("core/type-rec.wast", 185),
    ("core/type-rec.wast", 197),
    ("proposals/custom-descriptors/exact-casts.wast", 428),
}
# Older copies of scripts: since memory64 it is validation that refuses them.
OUTDATED = {("proposals/threads/memory.wast", line) for line in (83, 87, 91)}


class ModuleText(NamedTuple):
    """A text, and what the suite says of it."""

    script: str
    line: int
    text: str | bytes
    is_malformed: bool
    """Or has a fault in a custom section, which is found in the text."""
    message: str

    @property
    def place(self) -> tuple[str, int]:
        return self.script, self.line


def scripts() -> list[Path]:
    """All scripts; none where the suite is not here."""
    return list(script_files([SUITE])) if SUITE else []


def name_of(path: Path) -> str:
    return suite.name_in_suite(path, SUITE)


def texts_of(path: Path) -> Iterator[ModuleText]:
    """The texts of a script, those of threads too."""
    yield from _texts(read_script(path.read_bytes().decode()), name_of(path))


def _texts(commands: Iterable[c.Command], script: str) -> Iterator[ModuleText]:
    for command in commands:
        if isinstance(command, c.Thread):
            yield from _texts(command.commands, script)
            continue
        source = getattr(command, "source", None) or getattr(command, "subject", None)
        if isinstance(source, c.ModuleText | c.ModuleQuote):
            is_malformed = isinstance(command, c.AssertMalformed) or getattr(command, "custom", False)
            yield ModuleText(script, command.line, source.text, is_malformed, getattr(command, "message", ""))
