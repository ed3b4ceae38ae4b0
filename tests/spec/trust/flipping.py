"""Flips one bit of what a script expects, before it is exploded: the file must then fail."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from functools import reduce
from operator import and_, or_
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch

from linocut.spec import suite
from linocut.spec.explode import exploding
from linocut.spec.explode.output import Folder
from linocut.text import commands as c
from linocut.text.script import read_script, script_files
from linocut.text.values import Either, Number, Pattern, Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from linocut.spec.check.manifest import ManifestEntry


def flip_pattern(pattern: Pattern, chance: Random) -> tuple[Pattern, str] | None:
    """The pattern with one bit flipped, and its kind; None if no single bit makes it wrong.

    In a number, it is a bit that counts: for NaNs not the sign, and for arithmetic NaNs not the payload. The
    options of a choice change in a bit that they share, lest one becomes another. A reference has no bits:
    the number of a host's object changes in one, any other reference becomes null, null one that is not.
    """
    if isinstance(pattern, Number):
        return _flip_number(pattern, 1 << chance.choice(_bits(pattern.mask))), _kind(pattern)
    if isinstance(pattern, Reference):
        return _flip_reference(pattern), f"reference: {pattern.kind}"
    options = [option for option in pattern.options if isinstance(option, Number)]
    shared = _bits(reduce(and_, (option.mask for option in options)) & ~_unequal(options))
    if len(options) < len(pattern.options) or not shared:
        return None
    bit = 1 << chance.choice(shared)
    return Either(tuple(_flip_number(option, bit) for option in options)), f"either: {options[0].type}"


def _bits(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def _unequal(options: list[Number]) -> int:
    """The bits in which the options differ."""
    return reduce(or_, (option.bits ^ options[0].bits for option in options), 0)


def _flip_number(number: Number, bit: int) -> Number:
    return replace(number, bits=number.bits ^ bit)


def _kind(number: Number) -> str:
    return number.type if number.exact else f"{number.type}: NaN class"


def _flip_reference(pattern: Reference) -> Reference:
    if pattern.kind == "null":
        return Reference("func", None, "ref.func")  # as a pattern: any function reference that is not null
    if isinstance(pattern.detail, int):
        return replace(pattern, detail=pattern.detail ^ 1)
    return Reference("null", None, "ref.null")


# The assertions in a manifest that come from commands that are flipped.
_FLIPPABLE = frozenset({"return", "exception", "action"})


class Flips:
    """Flips commands of scripts, and remembers their kinds by script and line, in order.

    The same seed makes the same flips. `unflipped` counts the commands without a bit to flip, by the reason.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.kinds: dict[tuple[str, int], list[str | None]] = defaultdict(list)
        self.unflipped: Counter[str] = Counter()

    def change(self, source: str, command: c.Command) -> c.Command:
        """The command, flipped if it expects values or an exception."""
        if not isinstance(command, c.AssertReturn | c.AssertException):
            return command
        flipped = self._flip(command, Random(f"{self._seed} {source} {command!r}"))
        changed, kind = flipped or (command, None)
        self.kinds[source, command.line].append(kind)
        return changed

    def by_id(self, entries: Iterable[ManifestEntry]) -> dict[str, str]:
        """The kinds of all flipped commands, by the ids of their entries."""
        found: dict[str, str | None] = {}
        for entry in entries:
            plain = entry.id.removesuffix(
                "-linked"
            )  # the same assertion with files that import from each other
            if plain in found:
                found[entry.id] = found[plain]
            elif entry.assertion in _FLIPPABLE and (entry.source, entry.line) in self.kinds:
                found[entry.id] = self.kinds[entry.source, entry.line].pop(0)
        return {id_: kind for id_, kind in found.items() if kind is not None}

    def _flip(
        self, command: c.AssertReturn | c.AssertException, chance: Random
    ) -> tuple[c.Command, str] | None:
        if isinstance(command, c.AssertException):  # a bare call: nobody catches what it throws
            return _without_expectation(command), "exception"
        if not command.expected:
            self.unflipped["no value is expected"] += 1
            return None
        index = chance.randrange(len(command.expected))
        flipped = flip_pattern(command.expected[index], chance)
        if flipped is None:
            self.unflipped["a choice whose options share no bit"] += 1
            return None
        pattern, kind = flipped
        expected = (*command.expected[:index], pattern, *command.expected[index + 1 :])
        return replace(command, expected=expected), kind if len(expected) == 1 else f"one of several {kind}"


def _without_expectation(command: c.AssertException) -> c.Command:
    return replace(command.action, line=command.line)


def explode(place: Path, signal: str, paths: Iterable[Path], flips: Flips | None = None) -> Path:
    """The suite's scripts as a folder of files, their expectations flipped by `flips`."""
    explosion = exploding.Explosion(Folder(place), signal, "all", "file")
    for path in script_files(list(paths)):
        source = suite.name_in_suite(path, suite.find_suite()) or path.name
        with patch.object(exploding, "read_script", _reader(source, flips)):
            explosion.add(path, source)
    explosion.finish()
    return place


def _reader(source: str, flips: Flips | None) -> Callable[[str], Iterator[c.Command]]:
    def read(text: str) -> Iterator[c.Command]:
        for command in read_script(text):
            yield flips.change(source, command) if flips else command

    return read
